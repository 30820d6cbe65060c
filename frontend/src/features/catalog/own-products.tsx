import { Button, Checkbox, NativeSelect, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { ownProductsQuery } from '../../api/goods';
import { meQuery } from '../../api/queries';
import type { ListingState, OwnProduct } from '../../api/types';
import { useTranslation } from '../../lib/i18n';
import { Badge, type Tone } from '../../ui/badge';
import { useCategories } from '../../ui/categories';
import { Empty, Frame, MoreButton, NotPermitted } from '../../ui/frame';
import { useNames } from '../../ui/names';
import { Page, Panel } from '../../ui/page';
import { Scroll } from '../../ui/scroll';
import { BulkPanel } from './bulk-panel';
import './catalog.css';

const route = getRouteApi('/shell/own-products');

export const STATES: ListingState[] = ['draft', 'in_review', 'published', 'withdrawn'];
const TONES: Record<ListingState, Tone> = {
  draft: 'plain',
  in_review: 'accent',
  published: 'good',
  withdrawn: 'warn',
};

/** The company's own listings in every state, and changes of many at once. */
export function OwnProducts() {
  const { t } = useTranslation();
  const search = route.useSearch();
  const navigate = useNavigate({ from: '/own-products' });
  const { data: me } = useQuery(meQuery);
  const categories = useCategories();
  const [text, setText] = useState(search.q ?? '');
  const [typed] = useDebouncedValue(text, 250);
  const filter = { state: search.state, category: search.category, q: typed || undefined };
  const asked = useInfiniteQuery({ ...ownProductsQuery(filter), enabled: Boolean(me?.seat.company) });
  const [picked, setPicked] = useState<string[]>([]);
  if (!me?.seat.company?.sells) return <NotPermitted />;
  const trades = ['owner', 'trader'].includes(me.seat.role);
  const items = asked.data?.pages.flatMap((page) => page.items) ?? [];
  const change = (part: Partial<typeof search>) =>
    void navigate({ search: (old) => ({ ...old, ...part }), replace: true });
  return (
    <Page
      title={t('own.title')}
      lead={t('own.lead')}
      actions={
        <>
          <a href="/api/v1/exports/products.csv" download data-testid="export">
            {t('own.export')}
          </a>
          <Button variant="default" renderRoot={(rest) => <Link to="/own-stock" {...rest} />}>
            {t('stock.title')}
          </Button>
          {trades ? (
            <>
              <Button variant="default" renderRoot={(rest) => <Link to="/imports" {...rest} />}>
                {t('nav.imports')}
              </Button>
              <Button renderRoot={(rest) => <Link to="/products/new" {...rest} />}>
                {t('products.add')}
              </Button>
            </>
          ) : null}
        </>
      }
    >
      <search className="row bottom" aria-label={t('products.filter')}>
        <TextInput
          className="grow"
          label={t('products.search')}
          type="search"
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <NativeSelect
          label={t('own.state')}
          value={search.state ?? ''}
          onChange={(event) => change({ state: STATES.find((state) => state === event.currentTarget.value) })}
          data={[
            { value: '', label: t('own.all') },
            ...STATES.map((state) => ({ value: state, label: t(`listingState.${state}`) })),
          ]}
        />
        <NativeSelect
          label={t('products.facet.category')}
          value={search.category ?? ''}
          onChange={(event) => change({ category: event.currentTarget.value || undefined })}
          data={[{ value: '', label: t('own.all') }, ...categories.groups()]}
        />
      </search>
      {trades && picked.length > 0 ? (
        <BulkPanel items={items} picked={picked} clear={() => setPicked([])} />
      ) : null}
      <Frame asked={asked}>
        {() =>
          items.length === 0 ? (
            <Empty title={t('own.empty')} hint={t('own.emptyHint')} />
          ) : (
            <>
              <Rows items={items} picked={picked} setPicked={trades ? setPicked : undefined} />
              <MoreButton asked={asked} />
            </>
          )
        }
      </Frame>
    </Page>
  );
}

interface RowsProps {
  items: OwnProduct[];
  picked: string[];
  setPicked: ((ids: string[]) => void) | undefined;
}

function Rows({ items, picked, setPicked }: RowsProps) {
  const { t } = useTranslation();
  const names = useNames();
  const categories = useCategories();
  const all = items.length > 0 && items.every((item) => picked.includes(item.id));
  const toggle = (id: string) =>
    setPicked?.(picked.includes(id) ? picked.filter((other) => other !== id) : [...picked, id]);
  return (
    <Panel flush>
      <Scroll label={t('own.title')}>
        <table className="grid cards">
          <thead>
            <tr>
              {setPicked ? (
                <th scope="col">
                  <Checkbox
                    checked={all}
                    indeterminate={!all && picked.length > 0}
                    onChange={() => setPicked(all ? [] : items.map((item) => item.id).slice(0, 500))}
                    aria-label={t('own.pickAll')}
                  />
                </th>
              ) : null}
              <th scope="col">{t('product.title')}</th>
              <th scope="col">{t('own.state')}</th>
              <th scope="col">{t('products.facet.category')}</th>
              <th scope="col" className="right">
                {t('product.unitPrice')}
              </th>
              <th scope="col" className="right">
                {t('product.lead')}
              </th>
              <th scope="col" className="right">
                {t('own.quality')}
              </th>
            </tr>
          </thead>
          <tbody>
            {items.map((item) => (
              <tr key={item.id}>
                {setPicked ? (
                  <td>
                    <Checkbox
                      checked={picked.includes(item.id)}
                      onChange={() => toggle(item.id)}
                      aria-label={t('own.pick', { title: item.sku })}
                    />
                  </td>
                ) : null}
                <td className="row-title">
                  <Link to="/products/$id" params={{ id: item.id }}>
                    {names.title(item)}
                  </Link>{' '}
                  <code className="dim">{item.sku}</code>
                </td>
                <td data-label={t('own.state')}>
                  <Badge tone={TONES[item.state]}>{t(`listingState.${item.state}`)}</Badge>
                  {item.returned ? (
                    <p className="tight small dim">
                      {t('review.returned')}{' '}
                      {item.returned.reasons.map((one) => t(`review.reason.${one}`)).join(', ')}
                      {item.returned.note ? `: ${item.returned.note}` : ''}
                    </p>
                  ) : null}
                </td>
                <td data-label={t('products.facet.category')}>{categories.name(item.category)}</td>
                <td className="right num" data-label={t('product.unitPrice')}>
                  {item.currency} {names.range(item)}
                </td>
                <td className="right num" data-label={t('product.lead')}>
                  {t(item.ready_stock ? 'product.readyIn' : 'product.days', { days: item.lead_days })}
                </td>
                <td className="right num" data-label={t('own.quality')}>
                  <span>
                    {item.quality}
                    {item.full ? null : <span className="dim small"> {t('own.notFull')}</span>}
                  </span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </Panel>
  );
}
