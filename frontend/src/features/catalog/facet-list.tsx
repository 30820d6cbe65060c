import { useState } from 'react';
import { useTranslation } from '../../lib/i18n';
import { useLocale } from '../../ui/use-locale';

/** Values shown before the rest is unfolded. */
const SHOWN = 8;

interface Props {
  legend: string;
  values: { value: string; count: number }[];
  chosen: string[];
  label: (value: string) => string;
  toggle: (value: string) => void;
  /** Hidden while there are fewer values and none is chosen. */
  least?: number;
}

/** One facet: each value with the number of hits it would leave. */
export function FacetList({ legend, values, chosen, label, toggle, least = 1 }: Props) {
  const { t } = useTranslation();
  const locale = useLocale();
  const [open, setOpen] = useState(false);
  // A chosen value stays on the list when nothing has it any more, so that it can be taken out.
  const gone = chosen.filter((value) => !values.some((known) => known.value === value));
  const all = [...values, ...gone.map((value) => ({ value, count: 0 }))];
  if (all.length === 0 || (all.length < least && chosen.length === 0)) return null;
  const shown = open ? all : all.filter(({ value }, place) => place < SHOWN || chosen.includes(value));
  return (
    <fieldset className="facet">
      <legend>{legend}</legend>
      {shown.map(({ value, count }) => (
        <label key={value}>
          <input type="checkbox" checked={chosen.includes(value)} onChange={() => toggle(value)} />
          <span className="facet-label">{label(value)}</span>
          <span className="num dim">{count.toLocaleString(locale)}</span>
        </label>
      ))}
      {all.length > shown.length ? (
        <button type="button" className="facet-more" onClick={() => setOpen(true)}>
          {t('products.more', { count: all.length - shown.length })}
        </button>
      ) : null}
    </fieldset>
  );
}
