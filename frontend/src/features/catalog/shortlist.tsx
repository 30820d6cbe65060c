import { Button, Checkbox, TextInput } from '@mantine/core';
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { call } from '../../api/client';
import { shortlistedQuery, shortlistQuery } from '../../api/goods';
import { useOwner } from '../../api/kept-state';
import { meQuery } from '../../api/queries';
import type { ShortlistEntry } from '../../api/types';
import { useTranslation } from '../../lib/i18n';
import { keep } from '../../lib/kept';
import { Badge } from '../../ui/badge';
import { Empty, Frame, MoreButton, NotPermitted } from '../../ui/frame';
import { Heart } from '../../ui/heart';
import { useNames } from '../../ui/names';
import { Page } from '../../ui/page';
import { Picture } from '../../ui/picture';
import { ProblemAlert } from '../../ui/problem';
import { useShortlists } from '../../ui/use-shortlists';
import { COMPARED_MAX } from './filter';
import './goods.css';

/** Lines a quick order takes. */
const QUICK_MAX = 200;
/** Lines a request for quotation is begun with. */
const RFQ_MAX = 20;

/** Products the company keeps in mind, and what to do with those that are marked. */
export function ShortlistPage() {
  const { t } = useTranslation();
  const keeps = useShortlists();
  const asked = useInfiniteQuery({ ...shortlistQuery, enabled: keeps });
  const { data: all } = useQuery({ ...shortlistedQuery, enabled: keeps });
  const [marked, setMarked] = useState<string[]>([]);
  if (!keeps) return <NotPermitted />;
  const items = asked.data?.pages.flatMap((page) => page.items) ?? [];
  const chosen = items.filter((item) => marked.includes(item.id) && item.state === 'published');
  const toggle = (id: string) =>
    setMarked((old) => (old.includes(id) ? old.filter((other) => other !== id) : [...old, id]));
  return (
    <Page
      title={t('shortlist.title')}
      lead={all ? t('shortlist.count', { count: all.products.length, max: all.max }) : t('shortlist.lead')}
    >
      <Frame asked={asked}>
        {() =>
          items.length === 0 ? (
            <Empty
              title={t('shortlist.empty')}
              hint={t('shortlist.emptyHint')}
              action={
                <Button renderRoot={(rest) => <Link to="/products" {...rest} />}>
                  {t('products.title')}
                </Button>
              }
            />
          ) : (
            <>
              <Doings chosen={chosen} />
              <ul className="kept-list">
                {items.map((item) => (
                  <Entry
                    key={item.id}
                    item={item}
                    marked={marked.includes(item.id)}
                    toggle={() => toggle(item.id)}
                  />
                ))}
              </ul>
              <MoreButton asked={asked} />
            </>
          )
        }
      </Frame>
    </Page>
  );
}

/** What may be done with the marked ones; each says how many it takes. */
function Doings({ chosen }: { chosen: ShortlistEntry[] }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const owner = useOwner();
  const { data: me } = useQuery(meQuery);
  const count = chosen.length;
  const ids = chosen.map((item) => item.id);
  const quick = () => {
    const text = chosen.map((item) => `${item.sku}\t${item.moq}\t${item.supplier.name}`).join('\n');
    keep(owner, 'quick-order', { text });
    void navigate({ to: '/quick-order' });
  };
  return (
    <div className="row" role="toolbar" aria-label={t('shortlist.doings')}>
      <span className="dim small" aria-live="polite">
        {t('shortlist.marked', { count })}
      </span>
      <Button
        size="xs"
        variant="default"
        disabled={count < 2 || count > COMPARED_MAX}
        onClick={() => void navigate({ to: '/compare', search: { ids: ids.join(',') } })}
      >
        {t('shortlist.compare')}
      </Button>
      {me?.seat.company?.buys ? (
        <>
          <Button size="xs" variant="default" disabled={count < 1 || count > QUICK_MAX} onClick={quick}>
            {t('quick.title')}
          </Button>
          <Button
            size="xs"
            variant="default"
            disabled={count < 1 || count > RFQ_MAX}
            onClick={() => void navigate({ to: '/rfqs/new', search: { product: ids.join(',') } })}
          >
            {t('shortlist.rfq')}
          </Button>
        </>
      ) : null}
    </div>
  );
}

function Entry(props: { item: ShortlistEntry; marked: boolean; toggle: () => void }) {
  const { t } = useTranslation();
  const names = useNames();
  const { item } = props;
  const gone = item.state !== 'published';
  return (
    <li className="kept-entry">
      <Checkbox
        checked={props.marked && !gone}
        disabled={gone}
        onChange={props.toggle}
        aria-label={t('shortlist.mark', { title: names.title(item) })}
      />
      <Picture src={item.picture} title={item.title} className="kept-picture" />
      <div className="kept-words">
        <div>
          <Link to="/products/$id" params={{ id: item.id }}>
            {names.title(item)}
          </Link>{' '}
          {gone ? <Badge tone="warn">{t(`listingState.${item.state}`)}</Badge> : null}
        </div>
        <div className="dim small">
          <code>{item.sku}</code> · {item.supplier.name} · {item.currency} {names.range(item)} ·{' '}
          {t('product.moqIs', { quantity: names.quantity(item.moq), unit: names.unit(item.unit) })}
        </div>
        <Note item={item} />
      </div>
      <Heart id={item.id} title={names.title(item)} />
    </li>
  );
}

/** The note saves itself when it is left. */
function Note({ item }: { item: ShortlistEntry }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [text, setText] = useState(item.note);
  const save = useMutation({
    mutationFn: (note: string) => call('put', '/shortlist/{id}', { path: { id: item.id }, body: { note } }),
    onSuccess: () => client.invalidateQueries({ queryKey: shortlistQuery.queryKey }),
  });
  return (
    <>
      <TextInput
        size="xs"
        aria-label={t('shortlist.noteOn', { title: item.title })}
        placeholder={t('shortlist.note')}
        maxLength={500}
        value={text}
        description={item.by ? t('shortlist.by', { name: item.by }) : undefined}
        onChange={(event) => setText(event.currentTarget.value)}
        onBlur={() => (text.trim() === item.note ? undefined : save.mutate(text))}
      />
      <ProblemAlert fault={save.error} />
    </>
  );
}
