import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Navigate, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { call } from '../../api/client';
import { useIntent } from '../../api/intent';
import { orderQuery } from '../../api/queries';
import type { OrderTerms, OrderView, StepRequest } from '../../api/types';
import { useTranslation } from '../../lib/i18n';
import { Frame } from '../../ui/frame';
import { Page } from '../../ui/page';
import { dropDraft, keepDraft, keptDraft } from './model';
import { TermsForm } from './terms-form';

const route = getRouteApi('/shell/orders/$id/terms');

export function EditDraft() {
  const { id } = route.useParams();
  const asked = useQuery(orderQuery(id));
  return (
    <Frame asked={asked}>
      {(order) =>
        writable(order) ? (
          <Editor key={order.id} order={order} />
        ) : (
          <Navigate to="/orders/$id" params={{ id }} replace />
        )
      }
    </Frame>
  );
}

/** A draft of one's own, or an offer of the other side; with anything else the order itself tells how it stands. */
function writable(order: OrderView): boolean {
  if (order.status === 'draft') return order.drafter === order.my_side;
  return order.status === 'offered' && order.offer?.by !== order.my_side;
}

/** Revises a draft, or answers an offer with a counter-offer. */
function Editor({ order }: { order: OrderView }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const name = `${order.id}-${order.version}`;
  const [terms, setTerms] = useState<OrderTerms>(() => keptDraft(name) ?? order.terms);
  const drafting = order.status === 'draft';
  const step = (body: StepRequest, key: string) =>
    call('post', '/orders/{order}/transitions', { path: { order: order.id }, body, key });
  const send = useIntent(
    `terms/${name}`,
    async ({ validDays, terms: asked }: { validDays: number | null; terms: OrderTerms }, key: string) => {
      if (!drafting)
        return step(
          {
            name: 'order.counter',
            params: { terms: asked, valid_days: validDays },
            expected_version: order.version,
          },
          key,
        );
      const revised = await step(
        { name: 'order.revise', params: { terms: asked }, expected_version: order.version },
        key,
      );
      if (validDays === null) return revised;
      return step(
        { name: 'order.offer', params: { valid_days: validDays }, expected_version: revised.version },
        `${key}-offer`,
      );
    },
    {
      invalidates: [['order', order.id], ['orders']],
      onSuccess: () => {
        dropDraft(name);
        void navigate({ to: '/orders/$id', params: { id: order.id } });
      },
    },
  );
  return (
    <Page
      title={t(drafting ? 'draft.revise' : 'draft.counter', { number: order.number })}
      lead={`${order.buyer.name} · ${order.seller.name}`}
    >
      <TermsForm
        name={name}
        unconfirmed={send.unconfirmed}
        terms={terms}
        onTerms={(next) => {
          setTerms(next);
          keepDraft(name, next);
        }}
        fault={send.error}
        pending={send.isPending}
        offerLabel={t(drafting ? 'draft.offer' : 'draft.sendCounter')}
        onSave={drafting ? () => send.mutate({ validDays: null, terms }) : undefined}
        onOffer={(validDays) => send.mutate({ validDays, terms })}
      />
    </Page>
  );
}
