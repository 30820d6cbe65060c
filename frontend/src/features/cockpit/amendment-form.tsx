import { Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { OrderTerms, OrderView, TermsLine } from '../../api/types';
import { useTranslation } from '../../lib/i18n';
import { parsePrice, parseQuantity, quantityText } from '../../lib/ladder';
import { unshipped } from '../../lib/terms';
import { useNames } from '../../ui/names';
import { AddressFields, ContactFields } from '../../ui/party-fields';
import { type Amendment, amendmentOf } from './amendment';
import { AmendmentDiff } from './amendment-diff';

interface Props {
  order: OrderView;
  /** Hands on what can be proposed: nothing while the quantities do not add up. */
  onAmendment: (amendment: Amendment) => void;
  wrong: (pointer: string) => string | undefined;
}
interface Part {
  terms: OrderTerms;
  put: (terms: OrderTerms) => void;
}

/** All that both sides may still change, and how it would read. */
export function AmendmentForm({ order, onAmendment, wrong }: Props) {
  const { t } = useTranslation();
  const [terms, setTerms] = useState<OrderTerms>(order.terms);
  const amendment = amendmentOf(order.terms, terms);
  const put = (next: OrderTerms) => {
    setTerms(next);
    onAmendment(sound(next) ? amendmentOf(order.terms, next) : {});
  };
  const open = order.status === 'agreed';
  return (
    <>
      <Goods terms={terms} put={put} open={open} />
      <Shipments terms={terms} put={put} open={open} order={order} />
      <div className="cols">
        <TextInput
          label={t('draft.consignee')}
          value={terms.consignee}
          error={wrong('consignee')}
          onChange={(e) => put({ ...terms, consignee: e.currentTarget.value })}
        />
        <TextInput
          label={t('draft.po')}
          value={terms.po_number ?? ''}
          error={wrong('po_number')}
          onChange={(e) => put({ ...terms, po_number: e.currentTarget.value })}
        />
      </div>
      <AddressFields
        value={terms.delivery_address}
        onValue={(delivery_address) => put({ ...terms, delivery_address })}
        wrong={(part) => wrong(`delivery_address/${part}`)}
      />
      {(['buyer_contact', 'seller_contact'] as const).map((side) => (
        <ContactFields
          key={side}
          side={side}
          value={terms[side]}
          onValue={(contact) => put({ ...terms, [side]: contact })}
          wrong={(part) => wrong(`${side}/${part}`)}
        />
      ))}
      <Textarea
        label={t('draft.notes')}
        autosize
        minRows={2}
        value={terms.notes}
        error={wrong('notes')}
        onChange={(e) => put({ ...terms, notes: e.currentTarget.value })}
      />
      <section aria-label={t('amend.diff')} aria-live="polite" className="stack small">
        <h3>{t('amend.diff')}</h3>
        <AmendmentDiff terms={order.terms} amendment={amendment} />
      </section>
    </>
  );
}

/** True when every number reads and the shipments carry exactly what the lines say. */
function sound(terms: OrderTerms): boolean {
  return (
    terms.lines.every(
      (line, i) =>
        line.title.trim() !== '' &&
        parseQuantity(line.quantity) !== null &&
        parsePrice(line.unit_price) > 0n &&
        unshipped(terms, i) === 0n,
    ) && terms.shipments.every((shipment) => shipment.ship_by !== '')
  );
}

function Goods({ terms, put, open }: Part & { open: boolean }) {
  const { t } = useTranslation();
  const names = useNames();
  const change = (at: number, part: Partial<TermsLine>) => {
    const lines = terms.lines.map((line, i) => (i === at ? { ...line, ...part } : line));
    // One shipment carries all there is; several are divided by hand.
    const follow = terms.shipments.length === 1 && part.quantity !== undefined;
    const shipments = follow
      ? terms.shipments.map((s) => ({ ...s, quantities: lines.map((line) => line.quantity) }))
      : terms.shipments;
    put({ ...terms, lines, shipments });
  };
  return (
    <section className="stack small" aria-label={t('draft.goods')}>
      {terms.lines.map((line, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines are addressed by their place in the terms
        <fieldset key={i} className="cols">
          <legend>{t('draft.lineNo', { no: i + 1 })}</legend>
          <TextInput
            label={t('draft.goods')}
            value={line.title}
            onChange={(e) => change(i, { title: e.currentTarget.value })}
          />
          {open ? (
            <>
              <TextInput
                label={t('product.quantityIn', { unit: names.unit(line.unit) })}
                inputMode="decimal"
                value={line.quantity}
                error={parseQuantity(line.quantity) === null ? t('fault.terms.quantity') : undefined}
                onChange={(e) => change(i, { quantity: e.currentTarget.value })}
              />
              <TextInput
                label={t('draft.unitPrice', { currency: terms.currency })}
                inputMode="decimal"
                value={line.unit_price}
                error={parsePrice(line.unit_price) > 0n ? undefined : t('fault.terms.unit_price')}
                onChange={(e) => change(i, { unit_price: e.currentTarget.value })}
              />
            </>
          ) : null}
        </fieldset>
      ))}
      {open ? null : <p className="dim tight">{t('amend.fixed')}</p>}
    </section>
  );
}

function Shipments({ terms, put, open, order }: Part & { open: boolean; order: OrderView }) {
  const { t } = useTranslation();
  const names = useNames();
  const change = (at: number, part: Partial<OrderTerms['shipments'][number]>) =>
    put({ ...terms, shipments: terms.shipments.map((s, i) => (i === at ? { ...s, ...part } : s)) });
  const planned = (at: number) => order.shipments[at]?.state === 'planned';
  return (
    <section className="stack small" aria-label={t('draft.shipments')}>
      {terms.shipments.map((shipment, i) =>
        planned(i) ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: shipments are numbered by place
          <fieldset key={i} className="cols">
            <legend>{t('draft.shipmentNo', { no: i + 1 })}</legend>
            <TextInput
              type="date"
              label={t('draft.shipBy')}
              value={shipment.ship_by}
              onChange={(e) => change(i, { ship_by: e.currentTarget.value })}
            />
            {open && terms.shipments.length > 1
              ? terms.lines.map((line, j) => (
                  <TextInput
                    // biome-ignore lint/suspicious/noArrayIndexKey: lines are addressed by their place in the terms
                    key={j}
                    label={`${line.title} (${names.unit(line.unit)})`}
                    inputMode="decimal"
                    value={shipment.quantities[j] ?? ''}
                    onChange={(e) => {
                      const typed = e.currentTarget.value;
                      change(i, { quantities: shipment.quantities.map((q, k) => (k === j ? typed : q)) });
                    }}
                  />
                ))
              : null}
          </fieldset>
        ) : null,
      )}
      {terms.lines.map((line, j) => {
        const rest = unshipped(terms, j);
        return rest === 0n ? null : (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines are addressed by their place in the terms
          <p key={j} role="alert" className="field-error">
            {t(rest > 0n ? 'draft.unshipped' : 'draft.overshipped', {
              goods: line.title,
              quantity: names.quantity(quantityText(rest < 0n ? -rest : rest)),
              unit: names.unit(line.unit),
            })}
          </p>
        );
      })}
    </section>
  );
}
