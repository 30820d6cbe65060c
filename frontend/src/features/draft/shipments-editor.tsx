import { Button, CloseButton, TextInput } from '@mantine/core';
import { useTranslation } from '../../lib/i18n';
import { parseQuantity, quantityText } from '../../lib/ladder';
import { splitQuantity } from '../../lib/split';
import { unshipped } from '../../lib/terms';
import { useNames } from '../../ui/names';
import { Panel } from '../../ui/page';
import type { EditorProps } from './lines-editor';

export function ShipmentsEditor({ terms, onTerms, wrong }: EditorProps) {
  const { t } = useTranslation();
  const names = useNames();
  const resize = (count: number) => {
    const shares = terms.lines.map((line) => splitQuantity(parseQuantity(line.quantity) ?? 0n, count));
    onTerms({
      ...terms,
      shipments: Array.from({ length: count }, (_, i) => ({
        ship_by: terms.shipments[i]?.ship_by ?? terms.shipments.at(-1)?.ship_by ?? '',
        quantities: shares.map((share) => quantityText(share[i] ?? 0n)),
      })),
    });
  };
  const setDate = (at: number, ship_by: string) =>
    onTerms({ ...terms, shipments: terms.shipments.map((s, i) => (i === at ? { ...s, ship_by } : s)) });
  const setQuantity = (at: number, line: number, quantity: string) =>
    onTerms({
      ...terms,
      shipments: terms.shipments.map((s, i) =>
        i === at
          ? {
              ...s,
              quantities: terms.lines.map((_, j) => (j === line ? quantity : (s.quantities[j] ?? '0'))),
            }
          : s,
      ),
    });
  return (
    <Panel title={t('draft.shipments')}>
      {terms.shipments.map((shipment, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: shipments are numbered by place
        <fieldset key={i} className="shipment-line">
          <legend>{t('draft.shipmentNo', { no: i + 1 })}</legend>
          <TextInput
            required
            type="date"
            label={t('draft.shipBy')}
            value={shipment.ship_by}
            error={wrong(`/shipments/${i}/ship_by`)}
            onChange={(e) => setDate(i, e.currentTarget.value)}
          />
          {terms.lines.map((line, j) => (
            <TextInput
              // biome-ignore lint/suspicious/noArrayIndexKey: lines are addressed by their place in the terms
              key={j}
              label={`${line.title || t('draft.lineNo', { no: j + 1 })} (${names.unit(line.unit)})`}
              inputMode="decimal"
              value={shipment.quantities[j] ?? ''}
              error={wrong(`/shipments/${i}/quantities/${j}`)}
              onChange={(e) => setQuantity(i, j, e.currentTarget.value)}
            />
          ))}
          <CloseButton
            aria-label={t('draft.removeShipment', { no: i + 1 })}
            disabled={terms.shipments.length === 1}
            onClick={() => resize(terms.shipments.length - 1)}
          />
        </fieldset>
      ))}
      <div className="row between">
        <div role="status" className="stack small">
          {terms.lines.map((line, j) => {
            const rest = unshipped(terms, j);
            return rest === 0n ? null : (
              // biome-ignore lint/suspicious/noArrayIndexKey: lines are addressed by their place in the terms
              <span key={j} className="sum bad">
                {t(rest > 0n ? 'draft.unshipped' : 'draft.overshipped', {
                  goods: line.title,
                  quantity: names.quantity(quantityText(rest < 0n ? -rest : rest)),
                  unit: names.unit(line.unit),
                })}
              </span>
            );
          })}
        </div>
        <Button
          size="xs"
          variant="default"
          disabled={terms.shipments.length >= 12}
          onClick={() => resize(terms.shipments.length + 1)}
        >
          {t('draft.addShipment')}
        </Button>
      </div>
      {wrong('/shipments') ? <p className="field-error">{wrong('/shipments')}</p> : null}
    </Panel>
  );
}
