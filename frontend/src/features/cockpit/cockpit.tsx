import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { actionsQuery, orderEventsQuery, orderQuery } from '../../api/queries';
import type { OrderView } from '../../api/types';
import { useTranslation } from '../../lib/i18n';
import { Badge, StatusBadge } from '../../ui/badge';
import { Frame } from '../../ui/frame';
import { Page } from '../../ui/page';
import { ActionPanel } from './action-panel';
import { History, Ledger } from './history';
import { MoneyStrip } from './money-strip';
import { Proposal } from './proposal';
import { Reservation } from './reservation';
import { StagesAndShipments } from './stages-shipments';
import { Talk } from './talk';
import { TermsView } from './terms-view';
import { Timeline } from './timeline';
import { Versions } from './versions';
import './cockpit.css';

const route = getRouteApi('/shell/orders/$id');
const TABS = [
  { tab: undefined, labelKey: 'cockpit.overview' },
  { tab: 'terms', labelKey: 'cockpit.terms' },
  { tab: 'versions', labelKey: 'cockpit.versions' },
  { tab: 'talk', labelKey: 'cockpit.talk' },
  { tab: 'history', labelKey: 'cockpit.history' },
  { tab: 'ledger', labelKey: 'cockpit.ledger' },
] as const;

export function Cockpit() {
  const { id } = route.useParams();
  const asked = useQuery(orderQuery(id));
  return <Frame asked={asked}>{(order) => <Screen order={order} />}</Frame>;
}

function Screen({ order }: { order: OrderView }) {
  const { t } = useTranslation();
  const { tab } = route.useSearch();
  const actions = useQuery(actionsQuery(order.id));
  const events = useQuery(orderEventsQuery(order.id));
  return (
    <Page
      title={order.number}
      lead={
        <span className="row">
          <StatusBadge status={order.status} />
          <Badge>{t(`phase.${order.phase}`, { defaultValue: order.phase })}</Badge>
          <span>
            <Link to="/companies/$id" params={{ id: order.buyer.id }}>
              {order.buyer.name}
            </Link>{' '}
            ←{' '}
            <Link to="/companies/$id" params={{ id: order.seller.id }}>
              {order.seller.name}
            </Link>
          </span>
        </span>
      }
    >
      <MoneyStrip order={order} />
      <nav className="order-tabs" aria-label={t('cockpit.parts')}>
        {TABS.map((entry) => (
          <Link
            key={entry.labelKey}
            to="/orders/$id"
            params={{ id: order.id }}
            search={{ tab: entry.tab }}
            className={tab === entry.tab ? 'tab on' : 'tab'}
            aria-current={tab === entry.tab ? 'page' : undefined}
          >
            {t(entry.labelKey)}
          </Link>
        ))}
      </nav>
      <div className="split">
        <div className="stack">
          {tab === undefined ? (
            <>
              <Reservation order={order} actions={actions.data?.actions ?? []} />
              <Proposal order={order} />
              <StagesAndShipments order={order} />
              <Timeline order={order} events={events.data?.items ?? []} />
            </>
          ) : null}
          {tab === 'terms' ? <TermsView order={order} /> : null}
          {tab === 'versions' ? <Versions order={order} /> : null}
          {tab === 'talk' ? <Talk id={order.id} /> : null}
          {tab === 'history' ? <History id={order.id} /> : null}
          {tab === 'ledger' ? <Ledger id={order.id} /> : null}
        </div>
        <div className="cockpit-side">
          <Frame asked={actions} rows={3}>
            {(list) => <ActionPanel order={order} actions={list} />}
          </Frame>
        </div>
      </div>
    </Page>
  );
}
