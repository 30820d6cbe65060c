import { Button } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { type KeyboardEvent, useState } from 'react';
import { type InquiryFilter, inquiriesQuery } from '../../api/inquiries';
import { meQuery } from '../../api/queries';
import type { InquiryCard } from '../../api/types';
import { useTranslation } from '../../lib/i18n';
import { Badge } from '../../ui/badge';
import { Empty, Frame, MoreButton } from '../../ui/frame';
import { Moment } from '../../ui/moment';
import { Page } from '../../ui/page';
import { SavedTexts } from './saved-texts';
import { Thread } from './thread';
import './inquiry.css';

const list = getRouteApi('/shell/inquiries');
const one = getRouteApi('/shell/inquiries/$id');

export function InboxPage() {
  return <Inbox role={list.useSearch().role} />;
}

export function InquiryPage() {
  return <Inbox role={one.useSearch().role} current={one.useParams().id} />;
}

/** The list beside the thread; on a narrow screen one of the two. */
function Inbox({ role, current }: { role: InquiryFilter['role']; current?: string }) {
  const { t } = useTranslation();
  const { data: me } = useQuery(meQuery);
  const [texts, setTexts] = useState(false);
  const company = me?.seat.company;
  return (
    <Page
      title={t('inquiry.title')}
      actions={
        company ? (
          <Button variant="default" size="xs" onClick={() => setTexts(true)}>
            {t('inquiry.texts')}
          </Button>
        ) : null
      }
    >
      <div className={current ? 'inbox reading' : 'inbox'}>
        <div className="inbox-list panel flush">
          {company?.buys && company.sells ? <Sides role={role} /> : null}
          <Threads role={role} current={current} />
        </div>
        <div className="inbox-thread">
          {current ? (
            <Thread key={current} id={current} />
          ) : (
            <Empty title={t('inquiry.choose')} hint={t('inquiry.chooseHint')} />
          )}
        </div>
      </div>
      {texts ? <SavedTexts onClose={() => setTexts(false)} /> : null}
    </Page>
  );
}

function Sides({ role }: { role: InquiryFilter['role'] }) {
  const { t } = useTranslation();
  const sides = [
    [undefined, t('inquiry.side.all')],
    ['buyer', t('inquiry.side.asked')],
    ['seller', t('inquiry.side.received')],
  ] as const;
  return (
    <div className="row inbox-sides">
      {sides.map(([side, label]) => (
        <Link
          key={label}
          to="/inquiries"
          search={{ role: side }}
          className={side === role ? 'chip on' : 'chip'}
          aria-current={side === role ? 'true' : undefined}
        >
          {label}
        </Link>
      ))}
    </div>
  );
}

/** The arrow keys walk the list. */
function walk(event: KeyboardEvent<HTMLElement>) {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
  if (step === 0) return;
  const links = [...event.currentTarget.querySelectorAll<HTMLElement>('a')];
  const next = links[links.indexOf(document.activeElement as HTMLElement) + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
}

function Threads({ role, current }: { role: InquiryFilter['role']; current?: string }) {
  const { t } = useTranslation();
  const { data: me } = useQuery(meQuery);
  const asked = useInfiniteQuery(inquiriesQuery({ role }));
  const items = asked.data?.pages.flatMap((page) => page.items) ?? [];
  const trades = me?.seat.company != null;
  return (
    <Frame asked={asked} rows={5}>
      {() =>
        items.length === 0 ? (
          <Empty
            title={t('inquiry.empty')}
            hint={t(trades ? 'inquiry.emptyHint' : 'inquiry.emptyReported')}
            action={trades ? <Link to="/products">{t('nav.products')}</Link> : undefined}
          />
        ) : (
          <nav aria-label={t('inquiry.title')} onKeyDown={walk}>
            {items.map((card) => (
              <Row key={card.id} card={card} role={role} current={card.id === current} />
            ))}
            <MoreButton asked={asked} />
          </nav>
        )
      }
    </Frame>
  );
}

function Row({ card, role, current }: { card: InquiryCard; role: InquiryFilter['role']; current: boolean }) {
  const { t } = useTranslation();
  const other =
    card.side === null
      ? `${card.buyer.name} → ${card.seller.name}`
      : card.side === 'buyer'
        ? card.seller.name
        : card.buyer.name;
  return (
    <Link
      to="/inquiries/$id"
      params={{ id: card.id }}
      search={{ role }}
      className={`inbox-row${current ? ' on' : ''}${card.unread > 0 ? ' unread' : ''}`}
      aria-current={current ? 'page' : undefined}
      data-testid="inquiry-row"
    >
      <span className="inbox-line">
        <strong className="inbox-name">{other}</strong>
        <span className="dim small">
          <Moment at={card.last_at} date />
        </span>
      </span>
      <span className="inbox-line">
        <span className="inbox-subject">{card.subject}</span>
        {card.unread > 0 ? (
          <Badge tone="accent" title={t('inquiry.unread', { count: card.unread })}>
            {card.unread}
          </Badge>
        ) : card.status === 'closed' ? (
          <Badge>{t('inquiry.status.closed')}</Badge>
        ) : null}
      </span>
      <span className="inbox-last dim small">
        {card.last_by === card.side ? t('inquiry.you') : ''}
        {card.last_text}
      </span>
    </Link>
  );
}
