import type { QuoteChange } from '../../api/types';
import { useTranslation } from '../../lib/i18n';
import { useNames } from '../../ui/names';

/** What one field of a quote is called, from where it stands: `/lines/2/ladder/0/unit_price`. */
function useFieldName() {
  const { t } = useTranslation();
  return (field: string): string => {
    const rung = /^\/lines\/(\d+)\/ladder\/(\d+)\/(from_quantity|unit_price)$/.exec(field);
    if (rung)
      return t(`rfq.change.${rung[3] as 'from_quantity' | 'unit_price'}`, {
        line: rung[1],
        rung: Number(rung[2]) + 1,
      });
    const line = /^\/lines\/(\d+)\/(sku|title|hs_code|product)$/.exec(field);
    if (line)
      return t('rfq.change.ofLine', {
        line: line[1],
        what: t(`rfq.change.${line[2] as 'sku' | 'title' | 'hs_code' | 'product'}`),
      });
    const sampling = /^\/aql\/(level|critical|major|minor)$/.exec(field);
    if (sampling) return t('quality.sampling');
    if (/^\/files\/\d+$/.test(field)) return t('rfq.attachments');
    const stage = /^\/stages\/(\d+)\/(kind|trigger|share_bps)$/.exec(field);
    if (stage) return t('rfq.change.stage', { no: Number(stage[1]) + 1 });
    const names: Record<string, string> = {
      '/lead_days': t('rfq.leadDays'),
      '/freight_minor': t('rfq.freight'),
      '/validity_days': t('rfq.validity'),
      '/incoterm/code': t('product.incoterm'),
      '/incoterm/place': t('draft.place'),
      '/sample/price_minor': t('rfq.samplePrice'),
      '/sample/lead_days': t('rfq.sampleDays'),
      '/note': t('rfq.change.note'),
    };
    return names[field] ?? field;
  };
}

/** Fields with their value before and after. */
export function QuoteChanges({ changes }: { changes: QuoteChange[] }) {
  const { t } = useTranslation();
  const names = useNames();
  const nameOf = useFieldName();
  if (changes.length === 0) return null;
  const value = (text: string | null) =>
    text === null || text === '' ? '—' : /^-?\d+(\.\d+)?$/.test(text) ? names.quantity(text) : text;
  return (
    <ul className="tight small" aria-label={t('rfq.changes')}>
      {changes.map((change) => (
        <li key={change.field}>
          {nameOf(change.field)}: <del className="num">{value(change.before)}</del>{' '}
          <ins className="num">{value(change.after)}</ins>
        </li>
      ))}
    </ul>
  );
}
