import type { PropertyFacet, Punctuality } from '../../api/types';
import { useTranslation } from '../../lib/i18n';
import { useCategories } from '../../ui/categories';
import { useLocale } from '../../ui/use-locale';
import { Bound } from './bound';
import { FacetList } from './facet-list';
import type { ProductSearch } from './filter';
import { boundsOf, valuesOf, withBounds, withValue } from './property';

interface Changing {
  change: (part: Partial<ProductSearch>) => void;
  later: (part: Partial<ProductSearch>) => void;
}

/** Properties of the one chosen category that any of the products states. */
export function PropertyFacets({
  search,
  facets,
  change,
  later,
}: Changing & { search: ProductSearch; facets: PropertyFacet[] }) {
  const categories = useCategories();
  const category = search.category ?? '';
  return facets.map((facet) => {
    const name = categories.attributeName(category, facet.key);
    const unit = categories.template(category).find((one) => one.key === facet.key)?.unit;
    return facet.values.length > 0 || valuesOf(search.property, facet.key).some((v) => !v.includes('..')) ? (
      <FacetList
        key={`${category} ${facet.key}`}
        legend={name}
        values={facet.values}
        chosen={valuesOf(search.property, facet.key)}
        label={(value) => categories.attributeValue(category, facet.key, value)}
        toggle={(value) => change({ property: withValue(search.property, facet.key, value) })}
      />
    ) : (
      <NumberFacet
        key={`${category} ${facet.key}`}
        legend={unit ? `${name} (${unit})` : name}
        facet={facet}
        search={search}
        later={later}
      />
    );
  });
}

/** Bounds of a number, with the ends of what is there and how many products state it. */
function NumberFacet(props: {
  legend: string;
  facet: PropertyFacet;
  search: ProductSearch;
  later: Changing['later'];
}) {
  const { t } = useTranslation();
  const locale = useLocale();
  const { facet, search, later } = props;
  const bounds = boundsOf(search.property, facet.key);
  const set = (part: Partial<typeof bounds>) =>
    later({ property: withBounds(search.property, facet.key, { ...bounds, ...part }) });
  return (
    <fieldset className="facet" data-testid={`property-${facet.key}`}>
      <legend>{props.legend}</legend>
      <div className="row">
        <Bound
          label={t('products.priceFrom')}
          placeholder={facet.least ?? undefined}
          value={bounds.from || undefined}
          set={(from) => set({ from: from ?? '' })}
        />
        <Bound
          label={t('products.priceTo')}
          placeholder={facet.most ?? undefined}
          value={bounds.to || undefined}
          set={(to) => set({ to: to ?? '' })}
        />
      </div>
      <p className="dim small tight">{t('products.stated', { count: facet.count.toLocaleString(locale) })}</p>
    </fieldset>
  );
}

/** The least share of shipments in time; who has no record falls out, and that is said. */
export function OnTimeFacet({
  punctuality,
  chosen,
  choose,
}: {
  punctuality: Punctuality | null;
  chosen: string | undefined;
  choose: (least: string | undefined) => void;
}) {
  const { t } = useTranslation();
  const locale = useLocale();
  return (
    <div title={t('record.means')} data-testid="on-time-facet">
      <FacetList
        legend={t('products.onTime')}
        values={punctuality?.at_least ?? []}
        chosen={chosen ? [chosen] : []}
        label={(least) => t('products.onTimeLeast', { percent: least })}
        toggle={(least) => choose(least === chosen ? undefined : least)}
      />
      {punctuality && punctuality.no_record > 0 ? (
        <p className="dim small tight" data-testid="no-record">
          {t('products.noRecord', { count: punctuality.no_record.toLocaleString(locale) })}
        </p>
      ) : null}
    </div>
  );
}
