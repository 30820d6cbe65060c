import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { meQuery } from '../../api/queries';
import { stockChangesQuery, stockQuery } from '../../api/stock';
import type { StockPage as Stock, StockChange, StockReservation } from '../../api/types';
import { useTranslation } from '../../lib/i18n';
import { Frame, MoreButton } from '../../ui/frame';
import { Moment } from '../../ui/moment';
import { useNames } from '../../ui/names';
import { Page, Panel } from '../../ui/page';
import { Scroll } from '../../ui/scroll';
import { AdjustForm } from './adjust-form';
import './stock.css';

const route = getRouteApi('/shell/own-stock/$id');

/** One product's stock: what is there, for whom it is kept, and every change with its reason. */
export function StockPage() {
  const { id } = route.useParams();
  const asked = useQuery(stockQuery(id));
  return <Frame asked={asked}>{(stock) => <Screen key={id} stock={stock} />}</Frame>;
}

function Screen({ stock }: { stock: Stock }) {
  const { t } = useTranslation();
  const names = useNames();
  const { data: me } = useQuery(meQuery);
  const trades = ['owner', 'trader'].includes(me?.seat.role ?? '');
  const amount = (quantity: string) => `${names.quantity(quantity)} ${names.unit(stock.unit)}`;
  return (
    <Page
      title={t('stock.of', { title: names.title(stock) })}
      lead={
        <>
          <code>{stock.sku}</code> ·{' '}
          <Link to="/products/$id" params={{ id: stock.product_id }}>
            {t('stock.listing')}
          </Link>{' '}
          · <Link to="/own-stock">{t('stock.title')}</Link>
        </>
      }
    >
      {stock.supply === 'made_to_order' ? (
        <p className="notice" role="status">
          {t('stock.noLonger')}
        </p>
      ) : null}
      <dl className="stock-figures" data-testid="stock-figures">
        <div>
          <dt>{t('stock.onHand')}</dt>
          <dd className="num">{amount(stock.on_hand)}</dd>
        </div>
        <div>
          <dt>{t('stock.reserved')}</dt>
          <dd className="num">{amount(stock.reserved)}</dd>
        </div>
        <div className="free">
          <dt>{t('stock.free')}</dt>
          <dd className="num">{amount(stock.free)}</dd>
        </div>
      </dl>
      <div className={trades ? 'split' : 'stack'}>
        <div className="stack">
          <Reservations rows={stock.reservations} amount={amount} />
          <Changes stock={stock} />
        </div>
        {trades ? <AdjustForm stock={stock} /> : null}
      </div>
    </Page>
  );
}

function Reservations({ rows, amount }: { rows: StockReservation[]; amount: (quantity: string) => string }) {
  const { t } = useTranslation();
  return (
    <Panel title={t('stock.keptFor')} flush={rows.length > 0}>
      {rows.length === 0 ? (
        <p className="dim tight">{t('stock.keptForNone')}</p>
      ) : (
        <Scroll label={t('stock.keptFor')}>
          <table className="grid cards" data-testid="reservations">
            <thead>
              <tr>
                <th scope="col">{t('palette.order')}</th>
                <th scope="col">{t('stock.buyer')}</th>
                <th scope="col" className="right">
                  {t('products.quantity')}
                </th>
                <th scope="col">{t('stock.until')}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row.order_id}>
                  <td>
                    <Link to="/orders/$id" params={{ id: row.order_id }}>
                      {row.number}
                    </Link>
                  </td>
                  <td data-label={t('stock.buyer')}>{row.buyer}</td>
                  <td className="right num" data-label={t('products.quantity')}>
                    {amount(row.quantity)}
                  </td>
                  <td data-label={t('stock.until')}>
                    <Moment at={row.until} away />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
    </Panel>
  );
}

function Changes({ stock }: { stock: Stock }) {
  const { t } = useTranslation();
  const asked = useInfiniteQuery(stockChangesQuery(stock.product_id));
  const items = asked.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Panel title={t('stock.changes')} flush>
      <Frame asked={asked} rows={4}>
        {() => (
          <>
            <Scroll label={t('stock.changes')}>
              <table className="grid cards" data-testid="stock-changes">
                <thead>
                  <tr>
                    <th scope="col">{t('stock.when')}</th>
                    <th scope="col">{t('stock.why')}</th>
                    <th scope="col" className="right">
                      {t('stock.onHand')}
                    </th>
                    <th scope="col" className="right">
                      {t('stock.reserved')}
                    </th>
                    <th scope="col">{t('stock.by')}</th>
                  </tr>
                </thead>
                <tbody>
                  {items.map((change) => (
                    <Row key={change.no} change={change} />
                  ))}
                </tbody>
              </table>
            </Scroll>
            <MoreButton asked={asked} />
          </>
        )}
      </Frame>
    </Panel>
  );
}

/** A change with what it led to; a plus is written out, and what did not change is left at that. */
function Cell({ change, after, label }: { change: string; after: string; label: string }) {
  const names = useNames();
  const sign = change.startsWith('-') ? '' : '+';
  return (
    <td className="right num" data-label={label}>
      <span>
        {change === '0' ? null : (
          <strong>
            {sign}
            {names.quantity(change)}
          </strong>
        )}{' '}
        <span className="dim">→ {names.quantity(after)}</span>
      </span>
    </td>
  );
}

function Row({ change }: { change: StockChange }) {
  const { t } = useTranslation();
  const { name, role } = change.actor;
  return (
    <tr>
      <td>
        <Moment at={change.at} />
      </td>
      <td data-label={t('stock.why')}>
        {t(`stock.reason.${change.reason}`)}{' '}
        {change.order_id ? (
          <Link to="/orders/$id" params={{ id: change.order_id }}>
            {change.order_number}
          </Link>
        ) : null}
        {change.note ? <div className="dim small">{change.note}</div> : null}
      </td>
      <Cell change={change.on_hand_change} after={change.on_hand} label={t('stock.onHand')} />
      <Cell change={change.reserved_change} after={change.reserved} label={t('stock.reserved')} />
      <td data-label={t('stock.by')}>{name ?? t(`role.${role}`, { defaultValue: role })}</td>
    </tr>
  );
}
