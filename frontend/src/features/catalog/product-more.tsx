import { Alert, Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { call } from '../../api/client';
import { useIntent } from '../../api/intent';
import { marketQuery, meQuery } from '../../api/queries';
import type { ListingState, Product } from '../../api/types';
import { useTranslation } from '../../lib/i18n';
import { parsePrice } from '../../lib/ladder';
import { Badge } from '../../ui/badge';
import { useNames } from '../../ui/names';
import { Panel } from '../../ui/page';
import { Picture } from '../../ui/picture';
import { ProblemAlert, useProblemText } from '../../ui/problem';
import { LastDay } from '../../ui/proof';
import { once } from './once';
import './goods.css';

/** The picture that was chosen, and all of them small below. */
export function Gallery({ product }: { product: Product }) {
  const { t } = useTranslation();
  const [at, setAt] = useState(0);
  const shown = product.pictures[at] ?? product.picture;
  const small = (address: string) => (address.endsWith('.svg') ? address : `${address}?size=thumb`);
  return (
    <div className="gallery">
      <Picture key={shown ?? ''} src={shown} title={product.title} />
      {product.pictures.length > 1 ? (
        <div className="row">
          {product.pictures.map((address, n) => (
            <button
              key={address}
              type="button"
              className={n === at ? 'gallery-small on' : 'gallery-small'}
              aria-label={t('product.pictureNo', { no: n + 1, count: product.pictures.length })}
              aria-pressed={n === at}
              onClick={() => setAt(n)}
            >
              <Picture src={small(address)} title="" />
            </button>
          ))}
        </div>
      ) : null}
    </div>
  );
}

/** Says that a listing is not offered, to whoever has a link. */
export function StateNotice({ state }: { state: ListingState }) {
  const { t } = useTranslation();
  if (state === 'published') return null;
  return (
    <Alert
      color={state === 'draft' || state === 'in_review' ? 'gray' : 'yellow'}
      role="status"
      data-testid="listing-state"
    >
      {t(`listingState.${state}.notice`)}
    </Alert>
  );
}

/** Publishes a listing or takes it from the market; for its company. */
export function StateButtons({ product }: { product: Product }) {
  const { t } = useTranslation();
  const { sayField } = useProblemText();
  const change = useIntent(
    `listing-state/${product.id}`,
    (state: ListingState, key: string) =>
      call('post', '/own-products/bulk', { body: { product_ids: [product.id], state }, key }),
    { invalidates: [['product', product.id], ['own-products'], ['products'], ['search']] },
  );
  const refused = change.data?.rows.find((row) => row.outcome === 'refused');
  const next: ListingState =
    product.state === 'published' || product.state === 'in_review' ? 'withdrawn' : 'published';
  return (
    <>
      <Button variant="default" loading={change.isPending} onClick={once(() => change.mutate(next))}>
        {t(next === 'withdrawn' ? 'product.withdraw' : 'product.publish')}
      </Button>
      <Button
        variant="subtle"
        renderRoot={(rest) => <Link to="/products/$id/history" params={{ id: product.id }} {...rest} />}
      >
        {t('history.title')}
      </Button>
      <ProblemAlert fault={change.error} />
      {refused ? (
        <p className="field-error" role="alert">
          {sayField({ code: refused.code ?? '', detail: refused.detail ?? '' })}
        </p>
      ) : null}
    </>
  );
}

/** The variants of a family, one row of choices for each option. */
export function Variants({ product }: { product: Product }) {
  const { t } = useTranslation();
  const { family } = product;
  if (!family || family.variants.length < 2) return null;
  const options = [...new Set(family.variants.flatMap((variant) => Object.keys(variant.options)))];
  return (
    <Panel title={t('family.choices')}>
      {options.map((option) => {
        const values = [...new Set(family.variants.flatMap((variant) => variant.options[option] ?? []))];
        return (
          <div key={option}>
            <div className="dim small">{option}</div>
            <div className="row">
              {values.map((value) => {
                const here = family.options[option] === value;
                // The variant that keeps most of what is chosen here.
                const alike = (other: (typeof family.variants)[number]) =>
                  options.filter((name) => other.options[name] === family.options[name]).length;
                const best = family.variants
                  .filter((variant) => variant.options[option] === value)
                  .sort((a, b) => alike(b) - alike(a))[0];
                return here || !best ? (
                  <span key={value} className="chip on" aria-current="true">
                    {value}
                  </span>
                ) : (
                  <Link key={value} className="chip" to="/products/$id" params={{ id: best.id }} search>
                    {value}
                  </Link>
                );
              })}
            </div>
          </div>
        );
      })}
    </Panel>
  );
}

/** What a sample costs, and the certificates the supplier names. */
export function SampleAndCertificates({ product }: { product: Product }) {
  const { t } = useTranslation();
  const names = useNames();
  const { sample, certificates } = product;
  const { data: me } = useQuery(meQuery);
  const { data: market } = useQuery(marketQuery);
  const company = me?.seat.company;
  // Orders exist from era 2.0 on; a company does not buy from itself.
  const orders =
    market?.era !== '1.0' &&
    company?.buys === true &&
    company.id !== product.supplier.id &&
    product.state === 'published' &&
    ['owner', 'trader'].includes(me?.seat.role ?? '');
  return (
    <>
      <Panel title={t('sample.title')}>
        {sample ? (
          <p className="tight" data-testid="sample">
            {Number(sample.unit_price) === 0
              ? t('sample.isFree', { count: sample.max_quantity, days: sample.lead_days })
              : t('sample.is', {
                  price: `${product.currency} ${names.price(parsePrice(sample.unit_price), product.currency)}`,
                  count: sample.max_quantity,
                  days: sample.lead_days,
                })}
          </p>
        ) : (
          <p className="dim tight">{t('sample.none')}</p>
        )}
        {orders && sample && Number(sample.unit_price) > 0 ? (
          <Link to="/orders/new" search={{ product: product.id, sample: true }} data-testid="order-sample">
            {t('sample.order')}
          </Link>
        ) : null}
      </Panel>
      {certificates.length > 0 ? (
        <Panel title={t('certificate.title')}>
          <ul className="certificates">
            {certificates.map((named) => (
              <li key={`${named.kind}-${named.number}`}>
                <span className="strong">{named.kind}</span> <span className="num">{named.number}</span>{' '}
                <Badge tone={named.valid ? 'good' : 'warn'}>
                  {t(named.valid ? 'certificate.valid' : 'certificate.expired')}
                </Badge>
                <div className="dim small">
                  {named.issuer}
                  {named.valid_until ? (
                    <>
                      {' '}
                      · {t('proof.until')} <LastDay day={named.valid_until} />
                    </>
                  ) : null}
                </div>
              </li>
            ))}
          </ul>
          <p className="dim small tight">{t('certificate.stated')}</p>
        </Panel>
      ) : null}
    </>
  );
}
