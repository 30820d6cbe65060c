import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { ApiProblem, call } from '../../api/client';
import { useIntent } from '../../api/intent';
import { useKept } from '../../api/kept-state';
import type { StockAdjustment, StockHandReason, StockPage } from '../../api/types';
import { useTranslation } from '../../lib/i18n';
import { useNames } from '../../ui/names';
import { Panel } from '../../ui/page';
import { ProblemAlert, Unconfirmed, useProblemText } from '../../ui/problem';

const REASONS: StockHandReason[] = ['received', 'counted', 'damaged', 'sold_elsewhere', 'returned'];
const EMPTY = { reason: 'received' as StockHandReason, quantity: '', note: '' };

/** Changes a stock by hand, for a reason that stands in its log. */
export function AdjustForm({ stock }: { stock: StockPage }) {
  const { t } = useTranslation();
  const names = useNames();
  const client = useQueryClient();
  const { say, sayField } = useProblemText();
  const id = stock.product_id;
  const [form, put, forget] = useKept(`stock/${id}`, () => EMPTY);
  const save = useIntent(
    `stock/${id}`,
    (body: StockAdjustment, key: string) =>
      call('post', '/own-stock/{id}/adjustments', { path: { id }, body, key }),
    {
      invalidates: [['own-stock'], ['product', id]],
      onSuccess: () => forget({ ...EMPTY, reason: form.reason }),
    },
  );
  const fault = save.error instanceof ApiProblem ? save.error : null;
  const moved = fault?.code === 'stale_version';
  // Somebody, or an order, was faster: what is shown is looked up anew, what was typed stays.
  useEffect(() => {
    if (moved) void client.invalidateQueries({ queryKey: ['own-stock'] });
  }, [moved, client]);
  const wrong = (pointer: string) => {
    const found = fault?.fields.find((field) => field.pointer === pointer);
    if (!found) return undefined;
    // The refusal as a whole knows the figures that its words name.
    return found.code === fault?.code ? say(fault.problem) : sayField(found);
  };
  const unit = names.unit(stock.unit);
  return (
    <Panel title={t('stock.adjust')}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          const { reason, quantity, note } = form;
          save.mutate({ reason, quantity: quantity.trim(), note, expected_version: stock.version });
        }}
      >
        <NativeSelect
          label={t('stock.why')}
          value={form.reason}
          error={wrong('/reason')}
          onChange={(event) => put({ reason: event.currentTarget.value as StockHandReason })}
          data={REASONS.map((reason) => ({ value: reason, label: t(`stock.reason.${reason}`) }))}
        />
        <TextInput
          label={form.reason === 'counted' ? t('stock.found', { unit }) : t('stock.howMuch', { unit })}
          inputMode="decimal"
          required
          value={form.quantity}
          error={wrong('/quantity')}
          onChange={(event) => put({ quantity: event.currentTarget.value })}
        />
        <TextInput
          label={t('stock.note')}
          maxLength={200}
          value={form.note}
          error={wrong('/note')}
          onChange={(event) => put({ note: event.currentTarget.value })}
        />
        <Unconfirmed shown={save.unconfirmed} />
        <ProblemAlert fault={save.error} />
        <div className="row between">
          <span role="status" className="dim">
            {save.isSuccess ? t('stock.saved') : ''}
          </span>
          <Button type="submit" loading={save.isPending}>
            {t('stock.save')}
          </Button>
        </div>
      </form>
    </Panel>
  );
}
