import { Button, Textarea } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { call } from '../../api/client';
import { useIntent } from '../../api/intent';
import { useKept } from '../../api/kept-state';
import { companyQuery, marketQuery, meQuery, orderQuery } from '../../api/queries';
import type { OrderTerms, PricedLine, QuickGroup, QuickPrice, Receipt } from '../../api/types';
import { useTranslation } from '../../lib/i18n';
import { PASTED_MAX, readLines, withQuantity } from '../../lib/pasted-lines';
import { NotPermitted } from '../../ui/frame';
import { MoneyText } from '../../ui/money';
import { Page, Panel } from '../../ui/page';
import { ProblemAlert, Unconfirmed } from '../../ui/problem';
import { QuickLines } from './quick-lines';
import { quickTerms } from './quick-terms';
import './draft.css';

type Made = Receipt & { supplier: string | undefined };

/** Lines pasted from a spreadsheet, priced together, and a draft order for each supplier. */
export function QuickOrderPage() {
  const { data: me } = useQuery(meQuery);
  const company = me?.seat.company;
  if (!company?.buys || !['owner', 'trader'].includes(me?.seat.role ?? '')) return <NotPermitted />;
  return <QuickOrder />;
}

function QuickOrder() {
  const { t } = useTranslation();
  const [{ text }, put, forget] = useKept('quick-order', () => ({ text: '' }));
  const [made, setMade] = useState<Made[] | null>(null);
  const lines = readLines(text);
  const price = useMutation({
    mutationFn: (typed: string) => call('post', '/quick-orders/price', { body: { lines: readLines(typed) } }),
  });
  const take = (place: number, quantity: string) => {
    const next = withQuantity(lines, place, quantity);
    put({ text: next });
    price.mutate(next);
  };
  const many = lines.length > PASTED_MAX;
  // What was priced is shown only as long as it is what stands in the box.
  const priced = price.data && price.variables === text ? price.data : undefined;
  const done = (orders: Made[]) => {
    setMade(orders);
    forget({ text: '' });
  };
  return (
    <Page title={t('quick.title')} lead={t('quick.lead')}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          setMade(null);
          price.mutate(text);
        }}
      >
        <Panel title={t('quick.paste')}>
          <Textarea
            label={t('quick.lines')}
            description={t('quick.hint', { max: PASTED_MAX })}
            autosize
            minRows={5}
            maxRows={14}
            className="quick-box"
            value={text}
            error={many ? t('quick.tooMany', { count: lines.length, max: PASTED_MAX }) : undefined}
            onChange={(event) => put({ text: event.currentTarget.value })}
          />
          <ProblemAlert fault={price.error} />
          <div className="row end">
            <Button type="submit" loading={price.isPending} disabled={lines.length === 0 || many}>
              {t('quick.price', { count: lines.length })}
            </Button>
          </div>
        </Panel>
      </form>
      {priced ? (
        <>
          <QuickLines lines={priced.lines} take={take} />
          <Groups priced={priced} done={done} />
        </>
      ) : null}
      {made ? <MadeOrders made={made} /> : null}
    </Page>
  );
}

/** One order for each supplier, currency and delivery term, with its total. */
function Groups({ priced, done }: { priced: QuickPrice; done: (made: Made[]) => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { data: me } = useQuery(meQuery);
  const { data: market } = useQuery(marketQuery);
  const good = priced.lines.filter((line) => line.verdict === 'good');
  const linesOf = (group: QuickGroup): PricedLine[] => good.filter((line) => group.lines.includes(line.no));
  // Kept until the server decided: what is sent again must be the same to the letter.
  const [held, hold, release] = useKept<{ shape: string; terms: OrderTerms[] }>('quick-terms', () => ({
    shape: '',
    terms: [],
  }));
  const shape = JSON.stringify(priced.groups) + JSON.stringify(good);
  const write = async (): Promise<OrderTerms[]> => {
    const company = me?.seat.company;
    if (!company || !market) throw new Error('no seat');
    const found = await client.fetchQuery(companyQuery(company.id));
    const earlier = await call('get', '/orders', { query: { role: 'buyer', limit: 1 } });
    const last = earlier.items[0];
    const bought = last ? (await client.fetchQuery(orderQuery(last.id))).terms : undefined;
    const contact = { name: me.user.name, email: me.user.email, phone: '' };
    const buyer = { company: found, contact, bought, now: market.clock.now };
    return priced.groups.map((group) => quickTerms(linesOf(group), group, buyer));
  };
  const make = useIntent(
    'quick-order',
    async (orders: OrderTerms[], key: string): Promise<Receipt[]> => {
      const made: Receipt[] = [];
      // One after the other, each under a key of its own: sent again, what is missing is made and nothing twice.
      for (const [n, terms] of orders.entries())
        made.push(await call('post', '/orders', { body: { terms }, key: `${key}-${n}` }));
      return made;
    },
    {
      invalidates: [['orders']],
      onSuccess: (made) => {
        release({ shape: '', terms: [] });
        done(made.map((order, n) => ({ ...order, supplier: priced.groups[n]?.supplier.name })));
      },
    },
  );
  const prepared = useMutation({
    mutationFn: () => (held.shape === shape ? Promise.resolve(held.terms) : write()),
    onSuccess: (terms) => {
      hold({ shape, terms });
      make.mutate(terms);
    },
  });
  if (priced.groups.length === 0) return null;
  return (
    <Panel title={t('quick.orders')}>
      <ul className="quick-groups">
        {priced.groups.map((group) => (
          <li
            key={`${group.supplier.id}-${group.total.currency}-${group.incoterm.code}-${group.incoterm.place}`}
          >
            <Link to="/companies/$id" params={{ id: group.supplier.id }}>
              {group.supplier.name}
            </Link>{' '}
            <span className="dim">
              {group.incoterm.code} {group.incoterm.place} ·{' '}
              {t('quick.lineCount', { count: group.lines.length })}
            </span>
            <MoneyText value={group.total} strong />
          </li>
        ))}
      </ul>
      <Unconfirmed shown={make.unconfirmed} />
      <ProblemAlert fault={make.error ?? prepared.error} />
      <div className="row end">
        <Button loading={make.isPending || prepared.isPending} onClick={() => prepared.mutate()}>
          {t('quick.make', { count: priced.groups.length })}
        </Button>
      </div>
    </Panel>
  );
}

function MadeOrders({ made }: { made: Made[] }) {
  const { t } = useTranslation();
  return (
    <Panel title={t('quick.made', { count: made.length })}>
      <ul className="quick-groups" data-testid="quick-made">
        {made.map((order) => (
          <li key={order.id}>
            <Link to="/orders/$id" params={{ id: order.id }} className="num">
              {order.number}
            </Link>
            <span className="dim">{order.supplier}</span>
          </li>
        ))}
      </ul>
      <p className="dim tight">{t('quick.madeHint')}</p>
    </Panel>
  );
}
