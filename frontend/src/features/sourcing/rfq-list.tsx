import { Button } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { meQuery } from '../../api/queries';
import type { RfqCard } from '../../api/types';
import { useTranslation } from '../../lib/i18n';
import { Badge, StatusBadge } from '../../ui/badge';
import { Empty, Frame, MoreButton } from '../../ui/frame';
import { Moment } from '../../ui/moment';
import { Page, Panel } from '../../ui/page';
import { Scroll } from '../../ui/scroll';
import { Fit } from './fit';
import { OwnQuotes } from './own-quotes';
import { quotaQuery, type RfqListView, rfqsQuery } from './queries';

const route = getRouteApi('/shell/rfqs');

export function RfqList() {
  const { t } = useTranslation();
  const search = route.useSearch();
  const { data: me } = useQuery(meQuery);
  const company = me?.seat.company;
  const trades = me?.seat.role === 'owner' || me?.seat.role === 'trader';
  const asks = company?.buys === true && trades;
  const view = search.view ?? (company?.sells ? 'inbox' : company?.buys ? 'mine' : 'board');
  const views = [
    ...(company?.buys ? (['mine'] as const) : []),
    ...(company?.sells ? (['inbox'] as const) : []),
    'board' as const,
    ...(company?.sells ? (['quotes'] as const) : []),
  ];
  return (
    <Page
      title={t('rfq.title')}
      lead={t(company?.sells && !company.buys ? 'rfq.leadSells' : 'rfq.lead')}
      actions={asks ? <Begin /> : undefined}
    >
      <div className="row between">
        <nav className="row" aria-label={t('rfq.views')}>
          {views.map((one) => (
            <Link
              key={one}
              to="/rfqs"
              search={{ view: one }}
              className={view === one ? 'chip on' : 'chip'}
              aria-current={view === one ? 'page' : undefined}
            >
              {t(`rfq.view.${one}`)}
            </Link>
          ))}
        </nav>
        {company?.sells ? <Quota /> : null}
      </div>
      {view === 'quotes' ? <OwnQuotes /> : <Requests view={view} asks={asks} />}
    </Page>
  );
}

function Quota() {
  const { t } = useTranslation();
  const { data } = useQuery(quotaQuery);
  if (!data) return null;
  return (
    <span className="dim">
      {t('rfq.quota', { left: data.left, monthly: data.monthly, earned: data.earned })}{' '}
      <Moment at={data.resets} date />
    </span>
  );
}

function Begin() {
  const { t } = useTranslation();
  return <Button renderRoot={(rest) => <Link to="/rfqs/new" {...rest} />}>{t('nav.newRfq')}</Button>;
}

function Requests({ view, asks }: { view: RfqListView; asks: boolean }) {
  const { t } = useTranslation();
  const asked = useInfiniteQuery(rfqsQuery(view));
  const items = asked.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Frame asked={asked} rows={8}>
      {() =>
        items.length === 0 ? (
          <Empty
            title={t(`rfq.empty.${view}`)}
            hint={t(`rfq.emptyHint.${view}`)}
            action={<Next view={view} asks={asks} />}
          />
        ) : (
          <>
            <Rows items={items} view={view} />
            <MoreButton asked={asked} />
          </>
        )
      }
    </Frame>
  );
}

/** Where to go from an empty list. */
function Next({ view, asks }: { view: RfqListView; asks: boolean }) {
  const { t } = useTranslation();
  if (view === 'mine') return asks ? <Begin /> : null;
  if (view !== 'inbox') return null;
  return (
    <div className="row">
      <Link to="/own-products">{t('own.title')}</Link>
      <Link to="/rfqs" search={{ view: 'board' }}>
        {t('rfq.view.board')}
      </Link>
    </div>
  );
}

function Rows({ items, view }: { items: RfqCard[]; view: RfqListView }) {
  const { t } = useTranslation();
  return (
    <Panel flush>
      <Scroll label={t('rfq.title')}>
        <table className="grid cards">
          <thead>
            <tr>
              <th scope="col">{t('rfq.number')}</th>
              <th scope="col">{t('rfq.buyer')}</th>
              <th scope="col">{t('rfq.state')}</th>
              <th scope="col" className="right">
                {t('rfq.seatsLeft')}
              </th>
              <th scope="col">{t('rfq.quotesUntil')}</th>
              <th scope="col">{view === 'mine' ? t('rfq.quotes') : t('rfq.fit')}</th>
            </tr>
          </thead>
          <tbody>
            {items.map((rfq) => (
              <tr key={rfq.id}>
                <td>
                  <Link to="/rfqs/$id" params={{ id: rfq.id }} className="num">
                    {rfq.number}
                  </Link>
                  <div className="dim clip">{rfq.title}</div>
                </td>
                <td data-label={t('rfq.buyer')}>{rfq.buyer.name}</td>
                <td data-label={t('rfq.state')}>
                  <StatusBadge status={rfq.state} />{' '}
                  {rfq.visibility === 'invited' ? <Badge>{t('rfq.visibility.invited')}</Badge> : null}
                </td>
                <td className="right num" data-label={t('rfq.seatsLeft')}>
                  {t('rfq.seatsOf', { left: rfq.seats_left, seats: rfq.seats })}
                </td>
                <td data-label={t('rfq.quotesUntil')}>
                  <Moment at={rfq.deadline} away={rfq.state === 'open'} />
                </td>
                <td data-label={view === 'mine' ? t('rfq.quotes') : t('rfq.fit')}>
                  {view === 'mine' ? (
                    (rfq.quotes ?? '—')
                  ) : (
                    <>
                      {rfq.own_quote ? <Badge tone="accent">{t('rfq.quoted')}</Badge> : null}{' '}
                      {rfq.invited ? <Badge tone="good">{t('rfq.invitedYou')}</Badge> : null}{' '}
                      {rfq.fit ? <Fit score={rfq.fit.score} reasons={rfq.fit.reasons} /> : null}
                      {rfq.own_quote || rfq.invited || rfq.fit ? null : '—'}
                    </>
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
