import { Button, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { meQuery, productQuery } from '../../api/queries';
import type { Product } from '../../api/types';
import { useTranslation } from '../../lib/i18n';
import {
  ladderOf,
  lineValue,
  nearestLegal,
  nextRung,
  parseQuantity,
  quantityText,
  rungFor,
} from '../../lib/ladder';
import { useCategories } from '../../ui/categories';
import { Frame } from '../../ui/frame';
import { Heart } from '../../ui/heart';
import { MoneyText } from '../../ui/money';
import { useNames } from '../../ui/names';
import { Page, Panel } from '../../ui/page';
import { OnTime, ProofLine } from '../../ui/proof';
import { ResponseClock } from '../../ui/response-clock';
import { Availability, Shortage } from './availability';
import { Gallery, SampleAndCertificates, StateButtons, StateNotice, Variants } from './product-more';
import './catalog.css';

const route = getRouteApi('/shell/products/$id');

export function ProductPage() {
  const { id } = route.useParams();
  const asked = useQuery(productQuery(id));
  return <Frame asked={asked}>{(product) => <Detail key={product.id} product={product} />}</Frame>;
}

function Ladder({ product }: { product: Product }) {
  const { t } = useTranslation();
  const names = useNames();
  const navigate = useNavigate({ from: '/products/$id' });
  const { data: me } = useQuery(meQuery);
  const search = route.useSearch();
  const ladder = ladderOf(product.ladder);
  const minimum = parseQuantity(String(product.moq)) ?? 1000n;
  const step = parseQuantity(String(product.moq_step)) ?? 1000n;
  const [text, setText] = useState(search.quantity ?? quantityText(minimum));
  const typed = parseQuantity(text);
  const legal = typed === null ? minimum : nearestLegal(typed, minimum, step);
  const fits = typed !== null && typed === legal;
  const rung = typed === null ? null : rungFor(ladder, typed);
  const total = typed !== null && rung ? lineValue(typed, rung.micros, product.currency) : null;
  const cheaper = typed === null ? null : nextRung(ladder, typed);
  const take = (value: string) => {
    setText(value);
    void navigate({ search: { quantity: value || undefined }, replace: true });
  };
  const trades =
    product.state === 'published' &&
    me?.seat.company?.buys &&
    (me.seat.role === 'owner' || me.seat.role === 'trader') &&
    me.seat.company.id !== product.supplier.id;
  return (
    <Panel title={t('product.ladder')}>
      <table className="grid">
        <thead>
          <tr>
            <th scope="col" className="right">
              {t('product.from')}
            </th>
            <th scope="col" className="right">
              {t('product.unitPrice')}
            </th>
          </tr>
        </thead>
        <tbody>
          {ladder.map((step) => (
            <tr key={step.from.toString()} className={step.from === rung?.from ? 'active' : undefined}>
              <td className="right num">
                {names.quantity(quantityText(step.from))} {names.unit(product.unit)}
              </td>
              <td className="right num">
                <span className="dim">{product.currency}</span> {names.price(step.micros, product.currency)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <TextInput
        label={t('product.quantityIn', { unit: names.unit(product.unit) })}
        inputMode="decimal"
        value={text}
        onChange={(event) => take(event.currentTarget.value)}
        error={
          fits
            ? undefined
            : t('product.nearest', {
                quantity: names.quantity(quantityText(legal)),
                unit: names.unit(product.unit),
              })
        }
      />
      <Shortage product={product} typed={typed} />
      {fits ? null : (
        <Button variant="default" size="xs" onClick={() => take(quantityText(legal))}>
          {t('product.useNearest', { quantity: names.quantity(quantityText(legal)) })}
        </Button>
      )}
      <div className="live-total">
        <span>{t('product.total')}</span>
        <output aria-live="polite">
          <MoneyText
            value={total === null ? null : { minor: total.toString(), currency: product.currency }}
            strong
          />
        </output>
      </div>
      {cheaper && rung ? (
        <p className="dim tight">
          {t('product.cheaper', {
            quantity: names.quantity(quantityText(cheaper.from)),
            price: `${product.currency} ${names.price(cheaper.micros, product.currency)}`,
          })}
        </p>
      ) : null}
      {trades ? (
        <Button
          variant="default"
          data-testid="ask-supplier"
          onClick={() =>
            void navigate({
              to: '/inquiries/new',
              search: { product: product.id, quantity: fits ? text : undefined },
            })
          }
        >
          {t('product.ask')}
        </Button>
      ) : null}
      {trades ? (
        <Button
          disabled={!fits}
          onClick={() =>
            void navigate({ to: '/orders/new', search: { product: product.id, quantity: text } })
          }
        >
          {t('product.order')}
        </Button>
      ) : null}
      {trades ? (
        <Link to="/rfqs/new" search={{ product: product.id }}>
          {t('product.askMany')}
        </Link>
      ) : null}
    </Panel>
  );
}

function Detail({ product }: { product: Product }) {
  const { t } = useTranslation();
  const { data: me } = useQuery(meQuery);
  const own = me?.seat.company?.id === product.supplier.id && ['owner', 'trader'].includes(me.seat.role);
  const names = useNames();
  const categories = useCategories();
  const attributes = categories.ordered(product.category, product.attributes);
  const above = categories.path(product.category);
  return (
    <Page
      title={names.title(product)}
      lead={
        <>
          <code>{product.sku}</code> · {above ? `${above} › ` : ''}
          {categories.name(product.category)} ·{' '}
          <Link to="/companies/$id" params={{ id: product.supplier.id }}>
            {product.supplier.name}
          </Link>{' '}
          {names.country(product.supplier.country)}
        </>
      }
      actions={
        <>
          <Heart id={product.id} title={names.title(product)} labelled />
          {own ? (
            <>
              <StateButtons product={product} />
              {product.supply === 'ready_stock' ? (
                <Button
                  variant="default"
                  renderRoot={(rest) => <Link to="/own-stock/$id" params={{ id: product.id }} {...rest} />}
                >
                  {t('stock.own')}
                </Button>
              ) : null}
              <Button
                variant="default"
                renderRoot={(rest) => <Link to="/products/$id/edit" params={{ id: product.id }} {...rest} />}
              >
                {t('product.edit')}
              </Button>
            </>
          ) : null}
        </>
      }
    >
      <StateNotice state={product.state} />
      <div className="product">
        <div className="stack">
          <Gallery product={product} />
          <Panel title={t('product.about')}>
            <p className="tight review-text">{product.description || t('product.noDescription')}</p>
          </Panel>
        </div>
        <div className="stack">
          <Variants product={product} />
          <Ladder product={product} />
          <SampleAndCertificates product={product} />
          <Panel title={t('product.facts')}>
            <dl className="facts">
              <dt>{t('product.supplierProofs')}</dt>
              <dd>
                <ProofLine company={product.supplier.id} />
              </dd>
              <dt>{t('product.onTime')}</dt>
              <dd>
                <OnTime company={product.supplier.id} />
              </dd>
              <dt>{t('product.answers')}</dt>
              <dd>
                <ResponseClock company={product.supplier.id} />
              </dd>
              <dt>{t('stock.supply')}</dt>
              <dd>
                <Availability product={product} />
              </dd>
              <dt>{t('product.incoterm')}</dt>
              <dd>{names.incoterm(product.incoterm)}</dd>
              <dt>{t('product.origin')}</dt>
              <dd>{names.country(product.origin)}</dd>
              <dt>{t('product.hs')}</dt>
              <dd className="num">{product.hs_code}</dd>
              {attributes.map(([name, value]) => [
                <dt key={name}>{categories.attributeName(product.category, name)}</dt>,
                <dd key={`${name}-value`}>{categories.attributeValue(product.category, name, value)}</dd>,
              ])}
            </dl>
          </Panel>
        </div>
      </div>
    </Page>
  );
}
