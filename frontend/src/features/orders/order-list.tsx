import { SegmentedControl } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { meQuery, ordersQuery } from '../../api/queries';
import type { OrderCard, Phase } from '../../api/types';
import { useTranslation } from '../../lib/i18n';
import { Badge, StatusBadge } from '../../ui/badge';
import { Empty, Frame, MoreButton } from '../../ui/frame';
import { useLabels } from '../../ui/labels';
import { Moment } from '../../ui/moment';
import { MoneyText } from '../../ui/money';
import { Page, Panel } from '../../ui/page';
import { Scroll } from '../../ui/scroll';

const route = getRouteApi('/shell/orders');
const PHASES: Phase[] = [
  'negotiating',
  'awaiting_deposit',
  'in_production',
  'awaiting_balance',
  'shipping',
  'inspection_by_buyer',
  'covered',
  'done',
];

export function OrderList() {
  const { t } = useTranslation();
  const search = route.useSearch();
  const navigate = useNavigate({ from: '/orders' });
  const { data: me } = useQuery(meQuery);
  const asked = useInfiniteQuery(ordersQuery(search));
  const items = asked.data?.pages.flatMap((page) => page.items) ?? [];
  const company = me?.seat.company;
  return (
    <Page
      title={t('orders.title')}
      lead={t('orders.lead')}
      actions={company?.buys ? <Link to="/products">{t('orders.find')}</Link> : undefined}
    >
      <div className="row between">
        <nav className="row" aria-label={t('orders.phase')}>
          {[undefined, ...PHASES].map((phase) => (
            <Link
              key={phase ?? 'all'}
              to="/orders"
              search={{ ...search, phase }}
              className={search.phase === phase ? 'chip on' : 'chip'}
              aria-current={search.phase === phase ? 'page' : undefined}
            >
              {phase ? t(`phase.${phase}`) : t('orders.all')}
            </Link>
          ))}
        </nav>
        {company?.buys && company.sells ? (
          <SegmentedControl
            size="xs"
            aria-label={t('orders.side')}
            value={search.role ?? 'all'}
            onChange={(role) =>
              void navigate({
                search: { ...search, role: role === 'buyer' || role === 'seller' ? role : undefined },
              })
            }
            data={[
              { value: 'all', label: t('orders.all') },
              { value: 'buyer', label: t('orders.bought') },
              { value: 'seller', label: t('orders.sold') },
            ]}
          />
        ) : null}
      </div>
      <Frame asked={asked} rows={8}>
        {() =>
          items.length === 0 ? (
            <Empty
              title={t('orders.empty')}
              hint={t('orders.emptyHint')}
              action={
                search.phase ? (
                  <Link to="/orders">{t('orders.all')}</Link>
                ) : (
                  <Link to="/products">{t('orders.find')}</Link>
                )
              }
            />
          ) : (
            <>
              <Rows items={items} companyId={company?.id} />
              <MoreButton asked={asked} />
            </>
          )
        }
      </Frame>
    </Page>
  );
}

function Rows({ items, companyId }: { items: OrderCard[]; companyId: string | undefined }) {
  const { t } = useTranslation();
  const labels = useLabels();
  return (
    <Panel flush>
      <Scroll label={t('orders.title')}>
        <table className="grid cards">
          <thead>
            <tr>
              <th scope="col">{t('orders.number')}</th>
              <th scope="col">{t('orders.other')}</th>
              <th scope="col">{t('orders.phase')}</th>
              <th scope="col" className="right">
                {t('money.total')}
              </th>
              <th scope="col" className="right">
                {t('money.held')}
              </th>
              <th scope="col" className="right">
                {t('money.released')}
              </th>
              <th scope="col">{t('orders.deadline')}</th>
            </tr>
          </thead>
          <tbody>
            {items.map((order) => (
              <tr key={order.id}>
                <td>
                  <Link to="/orders/$id" params={{ id: order.id }} className="num">
                    {order.number}
                  </Link>
                  <div className="dim clip">{order.title}</div>
                </td>
                <td data-label={t('orders.other')}>
                  {companyId === order.buyer.id
                    ? order.seller.name
                    : companyId === order.seller.id
                      ? order.buyer.name
                      : `${order.buyer.name} ← ${order.seller.name}`}
                </td>
                <td data-label={t('orders.phase')}>
                  <StatusBadge status={order.status} />{' '}
                  <Badge>{t(`phase.${order.phase}`, { defaultValue: order.phase })}</Badge>
                </td>
                <td className="right" data-label={t('money.total')}>
                  <MoneyText value={order.total} strong />
                </td>
                <td className="right" data-label={t('money.held')}>
                  <MoneyText value={order.held} />
                </td>
                <td className="right" data-label={t('money.released')}>
                  <MoneyText value={order.released} />
                </td>
                <td data-label={t('orders.deadline')}>
                  {order.next_deadline ? (
                    <>
                      <Moment at={order.next_deadline.due} away />
                      <div className="dim">
                        {labels.deadline(order.next_deadline.step)} · {t(`role.${order.next_deadline.owner}`)}
                      </div>
                    </>
                  ) : (
                    '—'
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </Panel>
  );
}
