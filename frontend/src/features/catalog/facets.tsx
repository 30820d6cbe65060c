import { lazy, Suspense } from 'react';
import type { SearchPage } from '../../api/types';
import { spoken, useTranslation } from '../../lib/i18n';
import { useCategories } from '../../ui/categories';
import { useNames } from '../../ui/names';
import { Bound } from './bound';
import { FacetList } from './facet-list';
import { type FacetName, listed, type ProductSearch, toggled } from './filter';

// Only where a category is chosen, and only where the market keeps data of orders.
const PropertyFacets = lazy(() =>
  spoken(import('./more-facets')).then((part) => ({ default: part.PropertyFacets })),
);
const OnTimeFacet = lazy(() =>
  spoken(import('./more-facets')).then((part) => ({ default: part.OnTimeFacet })),
);

interface Props {
  search: ProductSearch;
  page: SearchPage | undefined;
  change: (part: Partial<ProductSearch>) => void;
  /** Like `change`, once typing has paused. */
  later: (part: Partial<ProductSearch>) => void;
}

/** The filters of the search: each value with the number of products it would leave. */
export function Facets({ search, page, change, later }: Props) {
  const { t } = useTranslation();
  const facet = (name: FacetName) => <Facet name={name} page={page} search={search} change={change} />;
  return (
    <div className="facets">
      {facet('category')}
      <Suspense fallback={null}>
        {page && listed(search.category).length === 1 ? (
          <PropertyFacets search={search} facets={page.properties} change={change} later={later} />
        ) : null}
      </Suspense>
      {facet('country')}
      {facet('verified')}
      <Suspense fallback={null}>
        {page?.punctuality || search.onTime ? (
          <OnTimeFacet
            punctuality={page?.punctuality ?? null}
            chosen={search.onTime}
            choose={(onTime) => change({ onTime })}
          />
        ) : null}
      </Suspense>
      {facet('incoterm')}
      {facet('lead')}
      <fieldset className="facet">
        <legend>{t('products.price', { currency: listed(search.currency)[0] ?? 'USD' })}</legend>
        <div className="row">
          <Bound label={t('products.priceFrom')} value={search.min} set={(min) => later({ min })} />
          <Bound label={t('products.priceTo')} value={search.max} set={(max) => later({ max })} />
        </div>
      </fieldset>
      {facet('currency')}
      <fieldset className="facet">
        <legend>{t('product.moq')}</legend>
        <Bound label={t('products.moqMax')} value={search.moq} set={(moq) => later({ moq })} />
      </fieldset>
    </div>
  );
}

interface FacetProps {
  name: FacetName;
  page: SearchPage | undefined;
  search: ProductSearch;
  change: (part: Partial<ProductSearch>) => void;
}

function Facet({ name, page, search, change }: FacetProps) {
  const { t } = useTranslation();
  const label = useFacetLabel();
  return (
    <FacetList
      legend={t(`products.facet.${name}`)}
      values={page?.facets[name] ?? []}
      chosen={listed(search[name])}
      label={(value) => label(name, value)}
      least={name === 'currency' ? 2 : 1}
      toggle={(value) => {
        const next = toggled(search[name], value);
        // Another category has other properties.
        change(name === 'category' ? { category: next, property: undefined } : { [name]: next });
      }}
    />
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
