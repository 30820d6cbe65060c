import { Button, TextInput } from '@mantine/core';
import { useQueries } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { companyQuery, productQuery } from '../../api/queries';
import type { Company, Product } from '../../api/types';
import { useTranslation } from '../../lib/i18n';
import { parseQuantity, priceAt } from '../../lib/ladder';
import { Badge } from '../../ui/badge';
import { useCategories } from '../../ui/categories';
import { Empty, Frame } from '../../ui/frame';
import { useNames } from '../../ui/names';
import { Page } from '../../ui/page';
import { Picture } from '../../ui/picture';
import { Scroll } from '../../ui/scroll';
import { COMPARED_MAX, listed } from './filter';
import './catalog.css';

const route = getRouteApi('/shell/compare');

interface Row {
  label: string;
  /** What each product shows. */
  cells: string[];
  /** What each product counts as, smaller is better; none where nothing can be compared. */
  weights?: (bigint | null)[];
}

/** The places of a row's best values; none when all are equal or one is missing. */
export function best(weights: (bigint | null)[] | undefined): number[] {
  const known = weights?.filter((weight) => weight !== null) ?? [];
  if (known.length < 2 || known.length !== weights?.length || known.every((weight) => weight === known[0]))
    return [];
  const least = known.reduce((a, b) => (b < a ? b : a));
  return weights.flatMap((weight, place) => (weight === least ? [place] : []));
}

function useRows(products: Product[], companies: (Company | undefined)[], quantity: string): Row[] {
  const { t } = useTranslation();
  const names = useNames();
  const oneCurrency = products.every((product) => product.currency === products[0]?.currency);
  const oneUnit = products.every((product) => product.unit === products[0]?.unit);
  const prices = products.map((product) => priceAt(product, quantity || product.moq));
  const categories = useCategories();
  const attributes = [...new Set(products.flatMap((product) => Object.keys(product.attributes)))];
  const named = (name: string) => {
    const stating = products.find((product) => name in product.attributes);
    return stating ? categories.attributeName(stating.category, name) : name;
  };
  const stated = ({ attributes: given, category }: Product, name: string) => {
    const value = given[name];
    return value === undefined ? '—' : categories.attributeValue(category, name, value);
  };
  return [
    {
      label: t('product.unitPrice'),
      cells: products.map((product, n) => {
        const price = prices[n];
        return price == null
          ? t('product.belowMoq')
          : `${product.currency} ${names.price(price, product.currency)}`;
      }),
      weights: oneCurrency && oneUnit ? prices : undefined,
    },
    {
      label: t('product.moq'),
      cells: products.map((product) => `${names.quantity(product.moq)} ${names.unit(product.unit)}`),
      weights: oneUnit ? products.map((product) => parseQuantity(product.moq)) : undefined,
    },
    {
      label: t('product.lead'),
      cells: products.map((product) =>
        product.sold_out
          ? t('product.soldOut')
          : t(product.ready_stock ? 'product.readyIn' : 'product.days', { days: product.lead_days }),
      ),
      weights: products.map((product) => (product.sold_out ? null : BigInt(product.lead_days))),
    },
    { label: t('product.incoterm'), cells: products.map((product) => names.incoterm(product.incoterm)) },
    { label: t('product.supplier'), cells: products.map((product) => product.supplier.name) },
    {
      label: t('products.facet.country'),
      cells: products.map((product) => names.country(product.supplier.country)),
    },
    {
      label: t('products.facet.verified'),
      cells: companies.map((company) => (company ? t(`products.verified.${company.verified_level}`) : '…')),
      weights: companies.map((company) => (company ? BigInt(-company.verified_level) : null)),
    },
    { label: t('product.hs'), cells: products.map((product) => product.hs_code) },
    ...attributes.map((name) => ({
      label: named(name),
      cells: products.map((product) => stated(product, name)),
    })),
  ];
}

/** Up to four products side by side, at one quantity. */
export function Compare() {
  const { t } = useTranslation();
  const search = route.useSearch();
  const navigate = useNavigate({ from: '/compare' });
  const ids = listed(search.ids).slice(0, COMPARED_MAX);
  const asked = useQueries({ queries: ids.map((id) => productQuery(id)) });
  // A product that left the market leaves the table as well, as long as another one stands in it.
  const found = asked.some((one) => one.data);
  const waiting = asked.find((one) => (found ? one.isPending : one.data === undefined));
  return (
    <Page title={t('compare.title')} lead={t('compare.lead')}>
      {ids.length === 0 ? (
        <Empty
          title={t('compare.empty')}
          hint={t('compare.emptyHint')}
          action={
            <Button renderRoot={(rest) => <Link to="/products" {...rest} />}>{t('products.title')}</Button>
          }
        />
      ) : waiting ? (
        <Frame asked={waiting}>{() => null}</Frame>
      ) : (
        <>
          <TextInput
            label={t('products.quantity')}
            inputMode="decimal"
            className="num compare-quantity"
            value={search.quantity ?? ''}
            onChange={(event) => {
              const quantity = event.currentTarget.value || undefined;
              void navigate({ search: (old) => ({ ...old, quantity }), replace: true });
            }}
          />
          <Table
            products={asked.flatMap((one) => (one.data ? [one.data] : []))}
            quantity={search.quantity ?? ''}
            remove={(id) =>
              void navigate({
                search: (old) => ({ ...old, ids: ids.filter((other) => other !== id).join(',') }),
              })
            }
          />
        </>
      )}
    </Page>
  );
}

function Table(props: { products: Product[]; quantity: string; remove: (id: string) => void }) {
  const { t } = useTranslation();
  const names = useNames();
  const { products, quantity } = props;
  const companies = useQueries({ queries: products.map((product) => companyQuery(product.supplier.id)) });
  const rows = useRows(
    products,
    companies.map((one) => one.data),
    quantity,
  );
  return (
    <Scroll className="panel flush" label={t('compare.title')}>
      <table className="grid compare">
        <thead>
          <tr>
            <td />
            {products.map((product) => (
              <th key={product.id} scope="col">
                <Picture src={product.picture} title={product.title} />
                <Link
                  to="/products/$id"
                  params={{ id: product.id }}
                  search={{ quantity: quantity || undefined }}
                >
                  {names.title(product)}
                </Link>
                {product.state === 'published' ? null : (
                  <>
                    {' '}
                    <Badge tone="warn">{t(`listingState.${product.state}`)}</Badge>
                  </>
                )}
                <Button
                  variant="subtle"
                  size="compact-xs"
                  aria-label={t('compare.remove', { title: names.title(product) })}
                  onClick={() => props.remove(product.id)}
                >
                  ×
                </Button>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => {
            const marked = best(row.weights);
            return (
              <tr key={row.label}>
                <th scope="row">{row.label}</th>
                {row.cells.map((cell, place) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: a cell is its column
                  <td key={place} className={marked.includes(place) ? 'best' : undefined}>
                    {cell} {marked.includes(place) ? <Badge tone="good">{t('compare.best')}</Badge> : null}
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </Scroll>
  );
}
