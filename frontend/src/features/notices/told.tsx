import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import type { MouseEvent } from 'react';
import { call } from '../../api/client';
import { meQuery } from '../../api/queries';
import type { Notice } from '../../api/types';
import { useTranslation } from '../../lib/i18n';
import { addressOf } from '../../lib/search-terms';
import { Moment } from '../../ui/moment';

/** Where a notice leads. */
function useTarget(notice: Notice): string {
  const router = useRouter();
  const { kind, id, search } = notice.open;
  const to = () => {
    if (kind === 'order')
      return router.buildLocation({
        to: '/orders/$id',
        params: { id },
        search: { tab: notice.kind === 'order_message' ? 'talk' : undefined },
      });
    if (kind === 'inquiry') return router.buildLocation({ to: '/inquiries/$id', params: { id } });
    if (kind === 'rfq') return router.buildLocation({ to: '/rfqs/$id', params: { id } });
    if (kind === 'wallet') return router.buildLocation({ to: '/wallet' });
    if (kind === 'proof') return router.buildLocation({ to: '/proof' });
    if (kind === 'product') return router.buildLocation({ to: '/products/$id', params: { id }, search: {} });
    if (kind === 'team') return router.buildLocation({ to: '/team' });
    return router.buildLocation({ to: '/products', search: search ? addressOf(search.terms) : {} });
  };
  return to().href;
}

/** One notice: what happened, where, when, and until when something must be done. */
export function Told({ notice }: { notice: Notice }) {
  const { t } = useTranslation();
  const router = useRouter();
  const client = useQueryClient();
  const { data: me } = useQuery(meQuery);
  const href = useTarget(notice);
  const elsewhere = notice.seat_id !== null && notice.seat_id !== me?.seat.id;
  const open = async () => {
    const { id } = notice;
    if (!notice.read) await call('post', '/notices/{id}/read', { path: { id } }).catch(() => undefined);
    if (elsewhere && notice.seat_id) {
      // It was told to another company of the reader: it is opened from the seat there.
      await call('post', '/auth/seat', { body: { seat_id: notice.seat_id } });
      await client.resetQueries();
    } else void client.invalidateQueries({ queryKey: ['notices'] });
    router.history.push(href);
  };
  const click = (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    void open();
  };
  const { other, person, count, part } = notice;
  const number = notice.open.number ?? '';
  const search = notice.open.search?.name ?? t('notices.goneSearch');
  return (
    <a
      href={href}
      onClick={click}
      className={`told ${notice.weight}${notice.read ? '' : ' unread'}`}
      data-testid="notice"
      data-kind={notice.kind}
    >
      <span className="told-dot" aria-hidden="true" />
      <span className="told-text">
        {notice.read ? null : <span className="visually-hidden">{t('notices.isUnread')} </span>}
        {t(`notice.text.${notice.kind}`, {
          other: other ?? '—',
          person: person ?? '—',
          number,
          search,
          count,
          part,
        })}
      </span>
      <span className="dim small told-at">
        <Moment at={notice.at} />
      </span>
      <span className="dim small told-about">
        <span>{t(`notice.topic.${notice.topic}`)}</span>
        {notice.company && me && me.seats.length > 1 ? (
          <span>{t('notices.for', { company: notice.company })}</span>
        ) : null}
        {notice.due_at ? (
          <span>
            {t('notices.until')} <Moment at={notice.due_at} away />
          </span>
        ) : null}
      </span>
    </a>
  );
}
