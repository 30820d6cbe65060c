import { Button } from '@mantine/core';
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { call } from '../../api/client';
import { inquiryMessagesQuery, inquiryQuery } from '../../api/inquiries';
import { marketQuery } from '../../api/queries';
import type { InquiryView } from '../../api/types';
import { useTranslation } from '../../lib/i18n';
import { Badge } from '../../ui/badge';
import { Frame, MoreButton } from '../../ui/frame';
import { Moment } from '../../ui/moment';
import { useNames } from '../../ui/names';
import { ResponseClock } from '../../ui/response-clock';
import { Composer } from './composer';
import { MessageItem } from './message';
import { Settle, Settlements } from './settle';
import { ThreadMenu } from './thread-menu';

/** One inquiry: what is asked, the talk, and where to answer. */
export function Thread({ id }: { id: string }) {
  const asked = useQuery(inquiryQuery(id));
  return (
    <Frame asked={asked} rows={6}>
      {(inquiry) => (
        <section className="panel thread" aria-label={inquiry.subject}>
          <Head inquiry={inquiry} />
          <Cautions inquiry={inquiry} />
          <Talk inquiry={inquiry} />
          {inquiry.can.settle ? <Settle inquiry={inquiry} /> : null}
          <Foot inquiry={inquiry} />
        </section>
      )}
    </Frame>
  );
}

function Head({ inquiry }: { inquiry: InquiryView }) {
  const { t } = useTranslation();
  const other = inquiry.side === 'buyer' ? inquiry.seller : inquiry.buyer;
  return (
    <header className="thread-head">
      <Link to="/inquiries" search={{}} className="thread-back">
        ← {t('inquiry.back')}
      </Link>
      <div className="row between top-aligned">
        <div className="grow">
          <h2 className="thread-subject">{inquiry.subject}</h2>
          <div className="dim small">
            <Link to="/companies/$id" params={{ id: other.id }}>
              {other.name}
            </Link>
            {inquiry.side === null ? (
              <>
                {' → '}
                <Link to="/companies/$id" params={{ id: inquiry.seller.id }}>
                  {inquiry.seller.name}
                </Link>
              </>
            ) : null}
            {inquiry.side === 'buyer' ? (
              <>
                {' · '}
                <ResponseClock company={inquiry.seller.id} />
              </>
            ) : null}
          </div>
        </div>
        <Badge tone={inquiry.status === 'answered' ? 'good' : inquiry.status === 'open' ? 'warn' : 'plain'}>
          {t(`inquiry.status.${inquiry.status}`)}
        </Badge>
        <ThreadMenu inquiry={inquiry} />
      </div>
      <Facts inquiry={inquiry} />
    </header>
  );
}

/** The card of what is asked for. */
function Facts({ inquiry }: { inquiry: InquiryView }) {
  const { t } = useTranslation();
  const names = useNames();
  const { product, quantity, destination, target_price, listed_price } = inquiry;
  const price = (p: { price: string; currency: string }) => `${p.currency} ${names.quantity(p.price)}`;
  const facts = [
    product
      ? [
          t('inquiry.product'),
          <Link key="product" to="/products/$id" params={{ id: product.id }}>
            {product.title || t('inquiry.product')}
          </Link>,
        ]
      : null,
    quantity ? [t('inquiry.quantity'), names.quantity(quantity)] : null,
    listed_price ? [t('inquiry.listedPrice'), price(listed_price)] : null,
    target_price ? [t('inquiry.targetPrice'), price(target_price)] : null,
    destination ? [t('inquiry.destination'), names.country(destination)] : null,
  ].filter((fact) => fact !== null);
  if (facts.length === 0) return null;
  return (
    <dl className="thread-facts">
      {facts.map(([name, value]) => (
        <div key={String(name)}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Cautions({ inquiry }: { inquiry: InquiryView }) {
  const { t } = useTranslation();
  const { data: market } = useQuery(marketQuery);
  return (
    <>
      {inquiry.reports.map((report) => (
        <p key={`${report.by}${report.at}`} className="strip bad" role="status">
          {t(`inquiry.reportedBy.${report.by}`)}: {t(`inquiry.report.${report.reason}`)}
          {report.note ? ` · ${report.note}` : ''}
        </p>
      ))}
      <Settlements inquiry={inquiry} />
      {inquiry.contacts_hidden ? <p className="small dim tight">{t('inquiry.contactsHidden')}</p> : null}
      {market?.era === '1.0' && inquiry.side ? (
        <p className="small dim tight">{t('inquiry.caution')}</p>
      ) : null}
    </>
  );
}

function Talk({ inquiry }: { inquiry: InquiryView }) {
  const { t } = useTranslation();
  const asked = useInfiniteQuery(inquiryMessagesQuery(inquiry.id));
  const pages = asked.data?.pages ?? [];
  const messages = pages.flatMap((page) => page.items).reverse();
  const newest = messages.at(-1)?.no ?? 0;
  const log = useRef<HTMLDivElement>(null);
  useRead(inquiry, newest);
  useEffect(() => {
    if (newest > 0) log.current?.scrollTo({ top: log.current.scrollHeight });
  }, [newest]);
  return (
    <Frame asked={asked} rows={4}>
      {() => (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        <div className="thread-log" ref={log} role="log" aria-label={t('inquiry.messages')} tabIndex={0}>
          <MoreButton asked={asked} />
          <ol>
            {messages.map((message) => (
              <MessageItem key={message.id} message={message} inquiry={inquiry} />
            ))}
          </ol>
        </div>
      )}
    </Frame>
  );
}

/** Tells the server how far the reader has come; nobody but the reader sees it. */
function useRead(inquiry: InquiryView, newest: number) {
  const client = useQueryClient();
  const told = useRef(0);
  useEffect(() => {
    if (inquiry.side === null || newest <= Math.max(inquiry.read, told.current)) return;
    const before = told.current;
    told.current = newest;
    call('post', '/inquiries/{inquiry}/read', { path: { inquiry: inquiry.id }, body: { no: newest } })
      .then(() => client.invalidateQueries({ queryKey: ['inquiries'] }))
      .catch(() => {
        told.current = before;
      });
  }, [client, inquiry, newest]);
}

function Foot({ inquiry }: { inquiry: InquiryView }) {
  const { t } = useTranslation();
  if (inquiry.closed)
    return (
      <p className="notice">
        {t(`inquiry.closed.${inquiry.closed.reason}`)} · <Moment at={inquiry.closed.at} />
      </p>
    );
  return (
    <>
      {inquiry.blocked_by_us ? <p className="notice">{t('inquiry.blockedByUs')}</p> : null}
      {inquiry.can.write ? <Composer inquiry={inquiry} /> : null}
      {inquiry.side === 'buyer' ? <Onward inquiry={inquiry} /> : null}
    </>
  );
}

/** From the talk to the deal: a request to several suppliers, or the draft of an order, begins with what was asked. */
function Onward({ inquiry }: { inquiry: InquiryView }) {
  const { t } = useTranslation();
  const { data: market } = useQuery(marketQuery);
  if (!inquiry.can.close) return null;
  return (
    <div className="row end">
      {inquiry.product ? (
        <Link to="/rfqs/new" search={{ product: inquiry.product.id }} className="small">
          {t('product.askMany')}
        </Link>
      ) : null}
      {market?.era === '1.0' ? null : <OrderNow inquiry={inquiry} />}
    </div>
  );
}

function OrderNow({ inquiry }: { inquiry: InquiryView }) {
  const { t } = useTranslation();
  return (
    <Button
      variant="light"
      size="xs"
      renderRoot={(props: Record<string, unknown>) => (
        <Link
          {...props}
          to="/orders/new"
          search={{
            product: inquiry.product?.id,
            quantity: inquiry.quantity ?? undefined,
            seller: inquiry.product ? undefined : inquiry.seller.id,
          }}
        />
      )}
    >
      {t('inquiry.order')}
    </Button>
  );
}
