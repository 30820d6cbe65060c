import { TextInput } from '@mantine/core';
import { useState } from 'react';
import type { SearchPage } from '../../api/types';
import { useTranslation } from '../../lib/i18n';
import { useCategories } from '../../ui/categories';
import { useNames } from '../../ui/names';
import { useLocale } from '../../ui/use-locale';
import { FACETS, type FacetName, listed, type ProductSearch, toggled } from './filter';

/** Values shown before the rest is unfolded. */
const SHOWN = 8;

interface Props {
  search: ProductSearch;
  facets: SearchPage['facets'] | undefined;
  change: (part: Partial<ProductSearch>) => void;
  /** Like `change`, once typing has paused. */
  later: (part: Partial<ProductSearch>) => void;
}

/** The filters of the search: each value with the number of products it would leave. */
export function Facets({ search, facets, change, later }: Props) {
  const { t } = useTranslation();
  return (
    <div className="facets">
      {FACETS.slice(0, 5).map((name) => (
        <Facet key={name} name={name} values={facets?.[name] ?? []} search={search} change={change} />
      ))}
      <fieldset className="facet">
        <legend>{t('products.price', { currency: listed(search.currency)[0] ?? 'USD' })}</legend>
        <div className="row">
          <Bound label={t('products.priceFrom')} value={search.min} set={(min) => later({ min })} />
          <Bound label={t('products.priceTo')} value={search.max} set={(max) => later({ max })} />
        </div>
      </fieldset>
      <Facet name="currency" values={facets?.currency ?? []} search={search} change={change} />
      <fieldset className="facet">
        <legend>{t('product.moq')}</legend>
        <Bound label={t('products.moqMax')} value={search.moq} set={(moq) => later({ moq })} />
      </fieldset>
    </div>
  );
}

function Bound(props: { label: string; value: string | undefined; set: (text: string | undefined) => void }) {
  const [text, setText] = useState(props.value ?? '');
  return (
    <TextInput
      className="num grow"
      size="xs"
      label={props.label}
      inputMode="decimal"
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value);
        props.set(event.currentTarget.value || undefined);
      }}
    />
  );
}

interface FacetProps {
  name: FacetName;
  values: { value: string; count: number }[];
  search: ProductSearch;
  change: (part: Partial<ProductSearch>) => void;
}

function Facet({ name, values, search, change }: FacetProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  const label = useFacetLabel();
  const [open, setOpen] = useState(false);
  const chosen = listed(search[name]);
  // A chosen value stays on the list when no product has it any more, so that it can be taken out.
  const gone = chosen.filter((value) => !values.some((known) => known.value === value));
  const all = [...values, ...gone.map((value) => ({ value, count: 0 }))];
  if (all.length === 0 || (name === 'currency' && all.length < 2 && chosen.length === 0)) return null;
  const shown = open ? all : all.filter(({ value }, place) => place < SHOWN || chosen.includes(value));
  return (
    <fieldset className="facet">
      <legend>{t(`products.facet.${name}`)}</legend>
      {shown.map(({ value, count }) => (
        <label key={value}>
          <input
            type="checkbox"
            checked={chosen.includes(value)}
            onChange={() => change({ [name]: toggled(search[name], value) })}
          />
          <span className="facet-label">{label(name, value)}</span>
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

/** The words for a value of a facet. */
export function useFacetLabel() {
  const { t } = useTranslation();
  const names = useNames();
  const categories = useCategories();
  return (name: FacetName, value: string): string => {
    if (name === 'category') return categories.name(value);
    if (name === 'country') return names.country(value);
    if (name === 'verified') return t(`products.verified.${value}`, { defaultValue: value });
    if (name === 'lead') return t(`products.lead.${value}`, { defaultValue: value });
    return value;
  };
}
