import { Button, NativeSelect, SegmentedControl, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { categoriesQuery, productsQuery } from '../../api/queries';
import { Empty, Frame, MoreButton } from '../../ui/frame';
import { Page } from '../../ui/page';
import { CardGrid, CardTable } from './product-card';
import './catalog.css';

const route = getRouteApi('/shell/products');

/** The catalogue. What is typed and chosen lives in the address, so a view can be shared. */
export function ProductList() {
  const { t } = useTranslation();
  const search = route.useSearch();
  const navigate = useNavigate({ from: '/products' });
  const asked = useInfiniteQuery(
    productsQuery({ q: search.q, category: search.category, supplier: search.supplier }),
  );
  const [text, setText] = useState(search.q ?? '');
  const [quantity, setQuantity] = useState(search.quantity ?? '');
  useEffect(() => setText(search.q ?? ''), [search.q]);
  const change = (part: Partial<typeof search>) =>
    void navigate({ search: (old) => ({ ...old, ...part }), replace: true });
  const later = useDebouncedCallback((part: Partial<typeof search>) => change(part), 250);
  const items = asked.data?.pages.flatMap((page) => page.items) ?? [];
  const known = useQuery(categoriesQuery);
  const categories = (known.data?.items ?? (search.category ? [{ slug: search.category }] : []))
    .map(({ slug }) => ({ value: slug, label: t(`category.${slug}`, { defaultValue: slug }) }))
    .sort((a, b) => a.label.localeCompare(b.label));
  return (
    <Page title={t('products.title')} lead={t('products.lead')}>
      <search className="filters" aria-label={t('products.filter')}>
        <TextInput
          label={t('products.search')}
          placeholder={t('products.searchHint')}
          value={text}
          onChange={(event) => {
            setText(event.currentTarget.value);
            later({ q: event.currentTarget.value || undefined });
          }}
        />
        <NativeSelect
          label={t('products.category')}
          value={search.category ?? ''}
          onChange={(event) => change({ category: event.currentTarget.value || undefined })}
          data={[{ value: '', label: t('products.anyCategory') }, ...categories]}
        />
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
        <SegmentedControl
          aria-label={t('products.view')}
          value={search.view ?? 'photos'}
          onChange={(view) => change({ view: view === 'table' ? 'table' : undefined })}
          data={[
            { value: 'photos', label: t('products.photos') },
            { value: 'table', label: t('products.table') },
          ]}
        />
      </search>
      <Frame asked={asked} rows={9}>
        {() =>
          items.length === 0 ? (
            <Empty
              title={t('products.empty')}
              hint={t('products.emptyHint')}
              action={
                <Button variant="default" onClick={() => void navigate({ search: {} })}>
                  {t('products.clear')}
                </Button>
              }
            />
          ) : (
            <>
              {search.view === 'table' ? (
                <CardTable items={items} quantity={quantity} />
              ) : (
                <CardGrid items={items} quantity={quantity} />
              )}
              <MoreButton asked={asked} />
            </>
          )
        }
      </Frame>
    </Page>
  );
}
