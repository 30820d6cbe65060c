import { Button, NativeSelect } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { call } from '../../api/client';
import { useIntent } from '../../api/intent';
import { useOwner } from '../../api/kept-state';
import { companiesQuery, companyQuery, marketQuery, meQuery, productQuery } from '../../api/queries';
import type { OrderTerms, Receipt } from '../../api/types';
import { dateAfter } from '../../lib/dates';
import { useTranslation } from '../../lib/i18n';
import { drop, keep, kept } from '../../lib/kept';
import { NotPermitted } from '../../ui/frame';
import { Page, Panel } from '../../ui/page';
import { withHabits } from './habits';
import { dropDraft, emptyTerms, keepDraft, keptDraft, withProduct, withSample } from './model';
import { TermsForm } from './terms-form';
import { useHabits } from './use-habits';

const route = getRouteApi('/shell/orders/new');

export function NewDraft() {
  const { data: me } = useQuery(meQuery);
  if (!me?.seat.company) return <NotPermitted />;
  return (
    <Draft company={me.seat.company} contact={{ name: me.user.name, email: me.user.email, phone: '' }} />
  );
}

/** The draft the server has, and the terms it was written with. */
interface Saved {
  receipt: Receipt;
  shape: string;
}

function Draft({
  company,
  contact,
}: {
  company: { id: string; name: string; buys: boolean };
  contact: OrderTerms['buyer_contact'];
}) {
  const { t } = useTranslation();
  const search = route.useSearch();
  const navigate = useNavigate();
  const client = useQueryClient();
  const name = `${company.id}-${search.product ?? search.seller ?? 'new'}${search.sample ? '-sample' : ''}`;
  const buying = company.buys;
  const { data: market } = useQuery(marketQuery);
  const others = useQuery(companiesQuery(buying ? 'sells' : 'buys'));
  const [terms, setTerms] = useState<OrderTerms>(() => {
    const kept = keptDraft(name);
    if (kept) return kept;
    const empty = emptyTerms();
    return buying
      ? { ...empty, buyer: company.id, seller: search.seller ?? empty.seller, buyer_contact: contact }
      : { ...empty, seller: company.id, seller_contact: contact };
  });
  const chosen = useQuery(companyQuery(buying ? terms.seller : terms.buyer));
  const listed = others.data?.items ?? [];
  // The other side may stand beyond the first hundred of the list.
  const choices =
    chosen.data && !listed.some((other) => other.id === chosen.data.id) ? [chosen.data, ...listed] : listed;
  const change = (next: OrderTerms) => {
    setTerms(next);
    keepDraft(name, next);
  };
  const habits = useHabits(buying ? 'buyer' : 'seller', terms.buyer, terms.seller);
  // What was kept has met the habits before: filling it in again would make it another order.
  const pair = useRef(keptDraft(name) ? `${terms.buyer} ${terms.seller}` : '');
  useEffect(() => {
    const now = `${terms.buyer} ${terms.seller}`;
    // Once per pair of parties: what the writer clears afterwards stays empty.
    if (!habits || pair.current === now) return;
    pair.current = now;
    setTerms((old) => withHabits(old, habits));
  }, [habits, terms.buyer, terms.seller]);
  const filled = useRef(false);
  useEffect(() => {
    if (!search.product || filled.current || !market) return;
    filled.current = true;
    void client.ensureQueryData(productQuery(search.product)).then((product) =>
      setTerms((old) => {
        if (old.lines.length > 0) return old;
        const next =
          search.sample && product.sample
            ? withSample(old, product, t('sample.orderNote', { title: product.title }))
            : withProduct(old, product, search.quantity ?? String(product.moq));
        const ready = search.sample && product.sample ? product.sample.lead_days : product.lead_days;
        return {
          ...next,
          shipments: next.shipments.map((s) => ({
            ...s,
            ship_by: s.ship_by || dateAfter(market.clock.now, ready + 14),
          })),
        };
      }),
    );
  }, [client, search.product, search.quantity, search.sample, market, t]);

  // The saved draft is remembered, so a refused offer does not create a second order.
  const owner = useOwner();
  const saved = useRef(kept<Saved>(owner, `saved/${name}`));
  const remember = (receipt: Receipt, shape: string) => {
    saved.current = { receipt, shape };
    keep(owner, `saved/${name}`, saved.current);
  };
  const forget = () => {
    dropDraft(name);
    for (const part of ['saved', 'days/draft', 'intent/draft']) drop(owner, `${part}/${name}`);
  };
  const send = useIntent(
    `draft/${name}`,
    async ({ validDays, terms: asked }: { validDays: number | null; terms: OrderTerms }, key: string) => {
      const shape = JSON.stringify(asked);
      if (!saved.current) {
        remember(await call('post', '/orders', { body: { terms: asked }, key }), shape);
      } else if (saved.current.shape !== shape) {
        const { id, version } = saved.current.receipt;
        const revised = await call('post', '/orders/{order}/transitions', {
          path: { order: id },
          body: { name: 'order.revise', params: { terms: asked }, expected_version: version },
          key,
        });
        remember(revised, shape);
      }
      const receipt = saved.current?.receipt;
      if (!receipt) throw new Error('the draft was not saved');
      if (validDays === null) return receipt;
      return call('post', '/orders/{order}/transitions', {
        path: { order: receipt.id },
        body: {
          name: 'order.offer',
          params: { valid_days: validDays },
          expected_version: receipt.version,
        },
        key: `${key}-offer`,
      });
    },
    {
      invalidates: [['orders']],
      onSuccess: (receipt) => {
        forget();
        void navigate({ to: '/orders/$id', params: { id: receipt.id } });
      },
    },
  );
  const submit = (validDays: number | null) => {
    // To the letter: after a reload the same terms go out under the same key.
    keepDraft(name, terms);
    send.mutate({ validDays, terms });
  };
  const pick = (id: string) =>
    change(
      buying
        ? { ...terms, seller: id, lines: [], shipments: [{ ship_by: '', quantities: [] }] }
        : { ...terms, buyer: id },
    );
  return (
    <Page
      title={t('draft.new')}
      lead={t('draft.lead')}
      actions={
        <Button
          variant="subtle"
          onClick={() => {
            forget();
            window.location.assign('/orders/new');
          }}
        >
          {t('draft.startOver')}
        </Button>
      }
    >
      <TermsForm
        name={`draft/${name}`}
        unconfirmed={send.unconfirmed}
        terms={terms}
        onTerms={change}
        fault={send.error}
        pending={send.isPending}
        offerLabel={t('draft.offer')}
        onSave={() => submit(null)}
        onOffer={submit}
        parties={
          <Panel title={t('draft.parties')}>
            <div className="cols wide">
              <div>
                <div className="dim small capital">{t(buying ? 'role.buyer' : 'role.seller')}</div>
                <div className="strong">{company.name}</div>
              </div>
              <NativeSelect
                required
                className="capital"
                label={t(buying ? 'role.seller' : 'role.buyer')}
                value={buying ? terms.seller : terms.buyer}
                onChange={(event) => pick(event.currentTarget.value)}
                data={[
                  { value: '', label: t('draft.choose') },
                  ...choices.map((other) => ({ value: other.id, label: other.name })),
                ]}
              />
            </div>
          </Panel>
        }
      />
    </Page>
  );
}
