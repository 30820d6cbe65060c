import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useDebouncedCallback, useMediaQuery } from '@mantine/hooks';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { suppliersQuery } from '../../api/queries';
import type { SupplierPage } from '../../api/types';
import { useTranslation } from '../../lib/i18n';
import { Empty, Frame, MoreButton } from '../../ui/frame';
import { Page } from '../../ui/page';
import { useLocale } from '../../ui/use-locale';
import { FacetList } from './facet-list';
import { useFacetLabel } from './facets';
import { listed, toggled } from './filter';
import { OnTimeFacet } from './more-facets';
import { SearchNotes } from './search-notes';
import { SearchSwitch } from './search-switch';
import { SupplierCards } from './supplier-card';
import './catalog.css';

const route = getRouteApi('/shell/suppliers');

/** What narrows a search of suppliers, as it stands in the address. */
export interface SupplierSearch {
  q?: string;
  category?: string;
  country?: string;
  verified?: string;
  onTime?: string;
  sort?: 'relevance' | 'listings';
}
const FACETS = ['category', 'country', 'verified'] as const;
const SORTS = ['relevance', 'listings'] as const;

interface Changing {
  search: SupplierSearch;
  change: (part: Partial<SupplierSearch>) => void;
}

/** Companies that sell: by name, by what they list, by country, level and punctuality. */
export function SupplierList() {
  const { t } = useTranslation();
  const search = route.useSearch();
  const navigate = useNavigate({ from: '/suppliers' });
  const change = (part: Partial<SupplierSearch>) =>
    void navigate({ search: (old) => ({ ...old, ...part }), replace: true });
  const later = useDebouncedCallback(change, 250);
  const clear = () => void navigate({ search: {} });
  const { onTime, ...rest } = search;
  const asked = useInfiniteQuery(suppliersQuery({ ...rest, on_time: onTime }));
  const [text, setText] = useState(search.q ?? '');
  useEffect(() => setText(search.q ?? ''), [search.q]);
  const type = (typed: string) => {
    setText(typed);
    later({ q: typed || undefined });
  };
  const first = asked.data?.pages[0];
  return (
    <Page title={t('suppliers.title')} lead={t('suppliers.lead')}>
      <search className="catalog" aria-label={t('suppliers.filter')}>
        <div className="searched">
          <SearchSwitch on="suppliers" q={search.q} />
          <TextInput
            label={t('products.search')}
            placeholder={t('suppliers.searchHint')}
            type="search"
            maxLength={200}
            value={text}
            onChange={(event) => type(event.currentTarget.value)}
          />
        </div>
        <Rail search={search} change={change} page={first} />
        <div className="found">
          <Bar search={search} change={change} total={first?.total} />
          {first ? <Notes page={first} choose={(q) => change({ q })} /> : null}
          <Frame asked={asked} rows={6}>
            {(data) => {
              const items = data.pages.flatMap((page) => page.items);
              return items.length === 0 ? (
                <Empty
                  title={t('suppliers.empty')}
                  hint={t('products.emptyHint')}
                  action={
                    <Button variant="default" onClick={clear}>
                      {t('products.clear')}
                    </Button>
                  }
                />
              ) : (
                <SupplierCards items={items} />
              );
            }}
          </Frame>
          <MoreButton asked={asked} />
        </div>
      </search>
    </Page>
  );
}

function Rail({ search, change, page }: Changing & { page: SupplierPage | undefined }) {
  const { t } = useTranslation();
  const label = useFacetLabel();
  const narrow = useMediaQuery('(max-width: 900px)');
  const on = FACETS.reduce((sum, name) => sum + listed(search[name]).length, search.onTime ? 1 : 0);
  return (
    <details className="rail" open={!narrow}>
      <summary>{on ? t('products.filters', { context: 'on', count: on }) : t('products.filters')}</summary>
      <div className="facets">
        {FACETS.map((name) => (
          <FacetList
            key={name}
            legend={t(name === 'country' ? 'suppliers.country' : `products.facet.${name}`)}
            values={page?.facets[name] ?? []}
            chosen={listed(search[name])}
            label={(value) => label(name, value)}
            toggle={(value) => change({ [name]: toggled(search[name], value) })}
          />
        ))}
        {page?.punctuality || search.onTime ? (
          <OnTimeFacet
            punctuality={page?.punctuality ?? null}
            chosen={search.onTime}
            choose={(onTime) => change({ onTime })}
          />
        ) : null}
      </div>
    </details>
  );
}

function Bar({ search, change, total }: Changing & { total: number | undefined }) {
  const { t } = useTranslation();
  const locale = useLocale();
  return (
    <div className="found-bar">
      <strong className="found-total" aria-live="polite" data-testid="total">
        {total === undefined
          ? ''
          : t('suppliers.total', {
              count: total.toLocaleString(locale),
              context: total === 1 ? 'one' : undefined,
            })}
      </strong>
      <NativeSelect
        label={t('products.sort')}
        value={search.sort ?? (search.q ? 'relevance' : 'listings')}
        onChange={(event) => change({ sort: SORTS.find((known) => known === event.currentTarget.value) })}
        data={SORTS.map((value) => ({ value, label: t(`suppliers.sort.${value}`) }))}
      />
    </div>
  );
}

function Notes({ page, choose }: { page: SupplierPage; choose: (q: string) => void }) {
  const { t } = useTranslation();
  const near = page.width === 'exact' ? '' : t(`suppliers.${page.width}`);
  return <SearchNotes page={page} near={near} building={t('suppliers.building')} choose={choose} />;
}
