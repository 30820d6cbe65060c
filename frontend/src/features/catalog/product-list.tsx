import { Button, NativeSelect, SegmentedControl, TextInput } from '@mantine/core';
import { useDebouncedCallback, useMediaQuery } from '@mantine/hooks';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useState } from 'react';
import { meQuery, searchQuery } from '../../api/queries';
import type { SearchPage } from '../../api/types';
import { spoken, useTranslation } from '../../lib/i18n';
import { Empty, Frame, MoreButton } from '../../ui/frame';
import { Page } from '../../ui/page';
import { useLocale } from '../../ui/use-locale';
import { useShortlists } from '../../ui/use-shortlists';
import { listed, narrowed, type ProductSearch, asked as query, SORTS, toggled } from './filter';
import { CardGrid, CardTable } from './product-card';
import { SearchNotes } from './search-notes';
import { SearchSwitch } from './search-switch';
import { Tray } from './tray';
import './catalog.css';

const route = getRouteApi('/shell/products');
const Facets = lazy(() => import('./facets').then((part) => ({ default: part.Facets })));
const SearchBox = lazy(() => import('./search-box'));
const SavedSearches = lazy(() => spoken(import('./saved-searches')));

/** What is typed and chosen lives in the address, so a search can be shared and found again. */
function useAddress() {
  const search = route.useSearch();
  const navigate = useNavigate({ from: '/products' });
  const change = (part: Partial<ProductSearch>) =>
    void navigate({ search: (old) => ({ ...old, ...part }), replace: true });
  const later = useDebouncedCallback(change, 250);
  return {
    search,
    change,
    later,
    clear: () => void navigate({ search: ({ compare, quantity, view }) => ({ compare, quantity, view }) }),
  };
}

/** The catalogue: search, filters with their counts, order, photos or table. */
export function ProductList() {
  const { t } = useTranslation();
  const { search, change, later, clear } = useAddress();
  const { data: me } = useQuery(meQuery);
  const sells = me?.seat.company?.sells && ['owner', 'trader'].includes(me.seat.role);
  const keeps = useShortlists();
  const asked = useInfiniteQuery(searchQuery(query(search)));
  const [text, setText] = useState(search.q ?? '');
  useEffect(() => setText(search.q ?? ''), [search.q]);
  const type = (typed: string) => {
    setText(typed);
    later({ q: typed || undefined });
  };
  const choose = (typed: string) => {
    setText(typed);
    change({ q: typed || undefined });
  };
  const first = asked.data?.pages[0];
  const [saving, setSaving] = useState(false);
  return (
    <Page
      title={t('products.title')}
      lead={t('products.lead')}
      actions={
        <>
          <Button variant="default" onClick={() => setSaving(true)} data-testid="saved-searches">
            {t('products.savedSearches')}
          </Button>
          {keeps ? (
            <Button variant="default" renderRoot={(rest) => <Link to="/shortlist" {...rest} />}>
              {t('products.shortlist')}
            </Button>
          ) : null}
          {keeps && me?.seat.company?.buys ? (
            <Button variant="default" renderRoot={(rest) => <Link to="/quick-order" {...rest} />}>
              {t('products.quickOrder')}
            </Button>
          ) : null}
          {sells ? (
            <Button variant="default" renderRoot={(rest) => <Link to="/products/new" {...rest} />}>
              {t('products.add')}
            </Button>
          ) : null}
        </>
      }
    >
      <search className="catalog" aria-label={t('products.filter')}>
        <div className="searched">
          <SearchSwitch on="products" q={search.q} />
          <Suspense fallback={<PlainBox value={text} type={type} />}>
            <SearchBox value={text} type={type} choose={choose} />
          </Suspense>
        </div>
        <Rail search={search} page={first} change={change} later={later} />
        <div className="found">
          <Bar search={search} total={first?.total} change={change} later={later} />
          {first ? <Notes page={first} choose={choose} supplier={search.supplier} clear={clear} /> : null}
          <Frame asked={asked} rows={9}>
            {(data) => <Hits pages={data.pages} search={search} change={change} clear={clear} />}
          </Frame>
          <MoreButton asked={asked} />
        </div>
      </search>
      <Tray
        compare={search.compare}
        quantity={search.quantity}
        clear={() => change({ compare: undefined })}
      />
      <Suspense fallback={null}>
        {saving ? <SavedSearches search={search} onClose={() => setSaving(false)} /> : null}
      </Suspense>
    </Page>
  );
}

function PlainBox({ value, type }: { value: string; type: (text: string) => void }) {
  const { t } = useTranslation();
  return (
    <TextInput
      label={t('products.search')}
      placeholder={t('products.searchHint')}
      type="search"
      value={value}
      onChange={(event) => type(event.currentTarget.value)}
    />
  );
}

interface Changing {
  search: ProductSearch;
  change: (part: Partial<ProductSearch>) => void;
  later: (part: Partial<ProductSearch>) => void;
}

/** The filters: beside the hits where there is room, folded above them where there is none. */
function Rail(props: Changing & { page: SearchPage | undefined }) {
  const { t } = useTranslation();
  const narrow = useMediaQuery('(max-width: 900px)');
  const on = narrowed(props.search);
  const title = on ? t('products.filters', { context: 'on', count: on }) : t('products.filters');
  return (
    <details className="rail" open={!narrow}>
      <summary>{title}</summary>
      <Suspense fallback={null}>
        <Facets {...props} />
      </Suspense>
    </details>
  );
}

function Bar({ search, total, change, later }: Changing & { total: number | undefined }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const [quantity, setQuantity] = useState(search.quantity ?? '');
  useEffect(() => setQuantity(search.quantity ?? ''), [search.quantity]);
  return (
    <div className="found-bar">
      <strong className="found-total" aria-live="polite" data-testid="total">
        {total === undefined
          ? ''
          : t('products.total', {
              count: total.toLocaleString(locale),
              context: total === 1 ? 'one' : undefined,
            })}
      </strong>
      <TextInput
        label={t('products.quantity')}
        inputMode="decimal"
        className="num"
        value={quantity}
        onChange={(event) => {
          setQuantity(event.currentTarget.value);
          later({ quantity: event.currentTarget.value || undefined });
        }}
      />
      <NativeSelect
        label={t('products.sort')}
        value={search.sort ?? 'relevance'}
        onChange={(event) => {
          const sort = SORTS.find((known) => known === event.currentTarget.value);
          change({ sort: sort === 'relevance' ? undefined : sort });
        }}
        data={SORTS.map((value) => ({ value, label: t(`products.sort.${value}`) }))}
      />
      <SegmentedControl
        aria-label={t('products.view')}
        value={search.view ?? 'photos'}
        onChange={(view) => change({ view: view === 'table' ? 'table' : undefined })}
        data={[
          { value: 'photos', label: t('products.photos') },
          { value: 'table', label: t('products.table') },
        ]}
      />
    </div>
  );
}

/** What the reader should know of these hits: that they are near, that some are missing, that they are one supplier's. */
function Notes(props: {
  page: SearchPage;
  supplier: string | undefined;
  choose: (text: string) => void;
  clear: () => void;
}) {
  const { t } = useTranslation();
  const { page, choose } = props;
  const near = page.width === 'exact' ? '' : t(`products.${page.width}`);
  return (
    <>
      <SearchNotes page={page} near={near} building={t('products.building')} choose={choose} />
      {props.supplier ? (
        <p className="dim small tight">
          {t('products.oneSupplier')}{' '}
          <button type="button" className="facet-more" onClick={props.clear}>
            {t('products.clear')}
          </button>
        </p>
      ) : null}
    </>
  );
}

function Hits(props: {
  pages: SearchPage[];
  search: ProductSearch;
  change: (part: Partial<ProductSearch>) => void;
  clear: () => void;
}) {
  const { t } = useTranslation();
  const { search, change } = props;
  const items = props.pages.flatMap((page) => page.items);
  if (items.length === 0)
    return (
      <Empty
        title={t('products.empty')}
        hint={t('products.emptyHint')}
        action={
          <Button variant="default" onClick={props.clear}>
            {t('products.clear')}
          </Button>
        }
      />
    );
  const tray = {
    compare: listed(search.compare).join(','),
    toggle: (id: string) => change({ compare: toggled(search.compare, id) }),
  };
  const quantity = search.quantity ?? '';
  return search.view === 'table' ? (
    <CardTable items={items} quantity={quantity} tray={tray} />
  ) : (
    <CardGrid items={items} quantity={quantity} tray={tray} />
  );
}
