import { Button, Checkbox, Textarea } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Fragment } from 'react';
import { ApiProblem, call } from '../../api/client';
import { listingQueueQuery } from '../../api/goods';
import { useIntent } from '../../api/intent';
import { useKept } from '../../api/kept-state';
import type { ListingReturnReason, ListingRuling, QueuedListing } from '../../api/types';
import { useTranslation } from '../../lib/i18n';
import { Badge } from '../../ui/badge';
import { useCategories } from '../../ui/categories';
import { Empty, Frame, MoreButton } from '../../ui/frame';
import { Moment } from '../../ui/moment';
import { useNames } from '../../ui/names';
import { Page, Panel } from '../../ui/page';
import { Picture } from '../../ui/picture';
import { ProblemAlert, Unconfirmed, useProblemText } from '../../ui/problem';
import { once } from './once';
import './catalog.css';

const REASONS: ListingReturnReason[] = [
  'unclear_text',
  'wrong_category',
  'picture',
  'doubtful_claim',
  'forbidden_goods',
  'contact_data',
  'other',
];

/** Listings that wait for the market's look, the longest waiting first: read, then one click. */
export function ListingQueuePage() {
  const { t } = useTranslation();
  const asked = useInfiniteQuery(listingQueueQuery);
  const items = asked.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Page title={t('nav.listings')} lead={t('review.lead')}>
      <Frame asked={asked} rows={8}>
        {() =>
          items.length === 0 ? (
            <Empty
              title={t('review.empty')}
              hint={t('review.emptyHint')}
              action={<Link to="/market">{t('nav.market')}</Link>}
            />
          ) : (
            <>
              {items.map((item) => (
                <Waiting key={`${item.id}${item.version}`} item={item} />
              ))}
              <MoreButton asked={asked} />
            </>
          )
        }
      </Frame>
    </Page>
  );
}

function Waiting({ item }: { item: QueuedListing }) {
  const { t } = useTranslation();
  const names = useNames();
  const categories = useCategories();
  return (
    <div data-testid="waiting-listing">
      <Panel
        title={names.title(item)}
        aside={
          <Badge tone={item.changed ? 'accent' : 'plain'}>
            {t(item.changed ? 'review.changed' : 'review.new')}
          </Badge>
        }
      >
        <div className="split">
          <div className="stack">
            <div className="row top-aligned">
              {item.pictures.map((picture) => (
                <Picture key={picture} src={picture} title={item.title} className="picture review-picture" />
              ))}
            </div>
            <dl className="facts left">
              <dt>{t('review.supplier')}</dt>
              <dd>
                {item.supplier ? (
                  <Link to="/companies/$id" params={{ id: item.supplier.id }}>
                    {item.supplier.name}
                  </Link>
                ) : null}
              </dd>
              <dt>{t('review.since')}</dt>
              <dd>
                <Moment at={item.submitted_at} away />
              </dd>
              <dt>{t('products.facet.category')}</dt>
              <dd>{categories.name(item.category)}</dd>
              <dt>{t('product.hs')}</dt>
              <dd className="num">{item.hs_code}</dd>
              {categories.ordered(item.category, item.attributes).map(([name, value]) => (
                <Fragment key={name}>
                  <dt>{categories.attributeName(item.category, name)}</dt>
                  <dd>{categories.attributeValue(item.category, name, value)}</dd>
                </Fragment>
              ))}
            </dl>
            {item.description ? <p className="tight review-text">{item.description}</p> : null}
            {item.certificates.length > 0 ? (
              <p className="tight small">
                {item.certificates.map((one) => `${one.kind} ${one.number}`.trim()).join(' · ')}
              </p>
            ) : null}
            <Link to="/products/$id" params={{ id: item.id }} search={{}} className="small">
              {t('review.open')}
            </Link>
          </div>
          {item.own_company ? (
            <p className="notice" role="note">
              <strong>{t('problem.catalog.own_listing')}</strong> {t('next.catalog.own_listing')}
            </p>
          ) : (
            <Decision item={item} />
          )}
        </div>
      </Panel>
    </div>
  );
}

interface Form {
  reasons: ListingReturnReason[];
  note: string;
}

function Decision({ item }: { item: QueuedListing }) {
  const { t } = useTranslation();
  const { sayField } = useProblemText();
  const name = `review/${item.id}/${item.version}`;
  const first = (): Form => ({ reasons: [], note: '' });
  const [{ reasons, note }, put, forget] = useKept<Form>(name, first);
  const send = useIntent(
    name,
    (body: ListingRuling, key: string) =>
      call('post', '/admin/listings/{product}/decision', {
        path: { product: item.id },
        body,
        key,
        version: item.version,
      }),
    { invalidates: [['listing-queue'], ['product', item.id]], onSuccess: () => forget(first()) },
  );
  const fields = send.error instanceof ApiProblem ? send.error.fields : [];
  const wrong = (pointer: string) => {
    const found = fields.find((field) => field.pointer === pointer);
    return found ? sayField(found) : undefined;
  };
  const toggle = (reason: ListingReturnReason) =>
    put({
      reasons: reasons.includes(reason) ? reasons.filter((one) => one !== reason) : [...reasons, reason],
    });
  return (
    <form
      className="stack small"
      aria-label={t('review.decide')}
      onSubmit={(event) => {
        event.preventDefault();
        send.mutate({ decision: 'return', reasons, note });
      }}
    >
      {item.returned ? (
        <p className="tight dim small">
          {t('review.before')} {item.returned.reasons.map((one) => t(`review.reason.${one}`)).join(', ')}
          {item.returned.note ? `: ${item.returned.note}` : ''}
        </p>
      ) : null}
      <Button
        loading={send.isPending}
        onClick={once(() => send.mutate({ decision: 'publish' }))}
        data-testid="publish-listing"
      >
        {t('review.publish')}
      </Button>
      <fieldset className="stack">
        <legend className="small strong">{t('review.why')}</legend>
        {REASONS.map((reason) => (
          <Checkbox
            key={reason}
            size="xs"
            label={t(`review.reason.${reason}`)}
            checked={reasons.includes(reason)}
            onChange={() => toggle(reason)}
          />
        ))}
        {wrong('/reasons') ? <p className="field-error">{wrong('/reasons')}</p> : null}
      </fieldset>
      <Textarea
        label={t('review.note')}
        autosize
        minRows={2}
        maxLength={1000}
        value={note}
        error={wrong('/note')}
        onChange={(event) => put({ note: event.currentTarget.value })}
      />
      <Unconfirmed shown={send.unconfirmed} />
      <ProblemAlert fault={send.error} />
      <Button
        type="submit"
        variant="default"
        loading={send.isPending}
        disabled={reasons.length === 0}
        data-testid="return-listing"
      >
        {t('review.return')}
      </Button>
    </form>
  );
}
