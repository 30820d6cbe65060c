import { Link } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import type { ProductCard } from '../../api/types';
import { spoken, useTranslation } from '../../lib/i18n';
import { LevelBadge } from '../../ui/level-badge';
import { MoneyText } from '../../ui/money';
import { useNames } from '../../ui/names';
import { Picture } from '../../ui/picture';
import { Scroll } from '../../ui/scroll';
import { CompareMark } from './tray';
import { useUnitPrice } from './unit-price';

// Not needed to read the list, so it comes after it.
const Heart = lazy(() => spoken(import('../../ui/heart')));

/** When the goods would ship. */
const leadKey = (card: ProductCard) =>
  card.sold_out ? 'product.soldOut' : card.ready_stock ? 'product.readyIn' : 'product.days';

function Price({ card, quantity, stacked }: { card: ProductCard; quantity: string; stacked?: boolean }) {
  const { t } = useTranslation();
  const names = useNames();
  const at = useUnitPrice(card, quantity);
  if (at.kind === 'price')
    return (
      <span className="num">
        <span className="currency dim">{card.currency}</span>{' '}
        <strong>{names.price(at.micros, card.currency)}</strong>
        {stacked ? <br /> : ' '}
        <span className="dim small">
          {t('product.totalIs')} <MoneyText value={{ minor: at.total.toString(), currency: card.currency }} />
        </span>
      </span>
    );
  return (
    <span className="num">
      <span className="currency dim">{card.currency}</span> <strong>{names.range(card)}</strong>
      {at.kind === 'below' ? (
        <>
          {stacked ? <br /> : ' '}
          <span className="below small">{t('product.belowMoq')}</span>
        </>
      ) : null}
    </span>
  );
}

interface Cards {
  items: ProductCard[];
  quantity: string;
  /** Where products can be marked for comparing. */
  tray?: { compare: string; toggle: (id: string) => void };
}

function Mark({ card, tray }: { card: ProductCard; tray: Cards['tray'] }) {
  const names = useNames();
  if (!tray) return null;
  return (
    <CompareMark
      id={card.id}
      title={names.title(card)}
      compare={tray.compare}
      toggle={() => tray.toggle(card.id)}
    />
  );
}

export function CardGrid({ items, quantity, tray }: Cards) {
  const { t } = useTranslation();
  const names = useNames();
  return (
    <ul className="cards">
      {items.map((card) => (
        <li key={card.id} className="card">
          <Picture src={card.picture} title={card.title} />
          <div className="card-text">
            <Link
              to="/products/$id"
              params={{ id: card.id }}
              search={{ quantity: quantity || undefined }}
              className="card-title"
            >
              {names.title(card)}
            </Link>
            <Price card={card} quantity={quantity} stacked />
            <span className="dim small">
              {t('product.moqIs', { quantity: names.quantity(card.moq), unit: names.unit(card.unit) })} ·{' '}
              {t(leadKey(card), { days: card.lead_days })}
            </span>
            <span className="small">
              <Link to="/companies/$id" params={{ id: card.supplier.id }} className="card-link">
                {card.supplier.name}
              </Link>{' '}
              <span className="dim">{names.country(card.supplier.country)}</span>
            </span>
            <span>
              <LevelBadge level={card.supplier.verified_level} />
            </span>
            <span className="card-marks">
              <Mark card={card} tray={tray} />
              <Suspense fallback={null}>
                <Heart id={card.id} title={names.title(card)} />
              </Suspense>
            </span>
          </div>
        </li>
      ))}
    </ul>
  );
}

export function CardTable({ items, quantity, tray }: Cards) {
  const { t } = useTranslation();
  const names = useNames();
  return (
    <Scroll className="panel flush" label={t('product.table')}>
      <table className="grid cards">
        <thead>
          <tr>
            <th scope="col">{t('product.title')}</th>
            <th scope="col">{t('product.supplier')}</th>
            <th scope="col" className="right">
              {t('product.unitPrice')}
            </th>
            <th scope="col" className="right">
              {t('product.moq')}
            </th>
            <th scope="col" className="right">
              {t('product.lead')}
            </th>
            <th scope="col">{t('product.incoterm')}</th>
          </tr>
        </thead>
        <tbody>
          {items.map((card) => (
            <tr key={card.id}>
              <td>
                <Link
                  to="/products/$id"
                  params={{ id: card.id }}
                  search={{ quantity: quantity || undefined }}
                >
                  {names.title(card)}
                </Link>{' '}
                <code className="dim">{card.sku}</code>
                <span className="card-marks">
                  <Mark card={card} tray={tray} />
                  <Suspense fallback={null}>
                    <Heart id={card.id} title={names.title(card)} />
                  </Suspense>
                </span>
              </td>
              <td data-label={t('product.supplier')}>
                <Link to="/companies/$id" params={{ id: card.supplier.id }} className="plain-link">
                  {card.supplier.name}
                </Link>{' '}
                <LevelBadge level={card.supplier.verified_level} />
              </td>
              <td className="right" data-label={t('product.unitPrice')}>
                <Price card={card} quantity={quantity} />
              </td>
              <td className="right num" data-label={t('product.moq')}>
                {names.quantity(card.moq)} {names.unit(card.unit)}
              </td>
              <td className="right num" data-label={t('product.lead')}>
                {t(leadKey(card), { days: card.lead_days })}
              </td>
              <td data-label={t('product.incoterm')}>{names.incoterm(card.incoterm)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}
