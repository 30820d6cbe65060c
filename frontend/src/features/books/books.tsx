import { Button, NativeSelect } from '@mantine/core';
import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../../api/client';
import {
  clientMoneyQuery,
  meQuery,
  orderJournalsQuery,
  ordersQuery,
  trialBalanceQuery,
} from '../../api/queries';
import { useTranslation } from '../../lib/i18n';
import { Badge } from '../../ui/badge';
import { Empty, Frame, NotPermitted } from '../../ui/frame';
import { JournalTable } from '../../ui/journal';
import { useLabels } from '../../ui/labels';
import { Moment } from '../../ui/moment';
import { MoneyText } from '../../ui/money';
import { Page, Panel } from '../../ui/page';
import { ProblemAlert } from '../../ui/problem';
import { Scroll } from '../../ui/scroll';

/** The sums of the books are minor units beside a currency. */
const moneyOf = (minor: string, currency: string) => ({ minor, currency });

const OVERSEERS = ['admin', 'teacher', 'support', 'credit_admin'];

export function BooksPage() {
  const { t } = useTranslation();
  const { data: me } = useQuery(meQuery);
  if (me && !OVERSEERS.includes(me.seat.role)) return <NotPermitted />;
  return (
    <Page title={t('books.title')} lead={t('books.lead')}>
      <ProofPanel />
      <div className="cols wide top-aligned">
        <ClientMoneyPanel />
        <TrialBalancePanel />
      </div>
      <Trail />
    </Page>
  );
}

function ProofPanel() {
  const { t } = useTranslation();
  const prove = useMutation({ mutationFn: () => call('post', '/admin/prove') });
  const proof = prove.data;
  return (
    <Panel
      title={t('books.proof')}
      aside={
        <Button loading={prove.isPending} onClick={() => prove.mutate()}>
          {t('books.prove')}
        </Button>
      }
    >
      <p className="dim tight">{t('books.proofMeans')}</p>
      <ProblemAlert fault={prove.error} />
      <div role="status" className="stack">
        {proof ? (
          <>
            <div className="row">
              <Badge tone={proof.ok ? 'good' : 'bad'}>
                {proof.ok ? t('books.ok') : t('books.notOk', { count: proof.findings.length })}
              </Badge>
              <span className="dim">
                {Object.entries(proof.checked)
                  .map(([name, count]) => `${t(`books.checked.${name}`, { defaultValue: name })} ${count}`)
                  .join(' · ')}{' '}
                · {proof.took_ms} ms
              </span>
            </div>
            {proof.findings.length > 0 ? (
              <ul className="tight">
                {proof.findings.map((finding) => (
                  <li key={finding.check + finding.detail}>
                    <strong>{t(`check.${finding.check}`, { defaultValue: finding.check })}</strong>:{' '}
                    {finding.detail}
                  </li>
                ))}
              </ul>
            ) : null}
          </>
        ) : null}
      </div>
    </Panel>
  );
}

function ClientMoneyPanel() {
  const { t } = useTranslation();
  const labels = useLabels();
  const asked = useQuery(clientMoneyQuery);
  return (
    <Panel title={t('books.clientMoney')}>
      <Frame asked={asked} rows={4}>
        {({ currencies }) =>
          currencies.length === 0 ? (
            <Empty title={t('books.empty')} />
          ) : (
            currencies.map((row) => (
              <dl key={row.currency} className="facts" aria-label={row.currency}>
                <dt>{t('books.bank')}</dt>
                <dd>
                  <MoneyText value={moneyOf(row.bank, row.currency)} strong />
                </dd>
                {row.liabilities.map((l) => [
                  <dt key={l.account}>
                    {labels.account(l)} <code className="dim">{l.account}</code>
                  </dt>,
                  <dd key={`${l.account}-amount`}>
                    <MoneyText value={moneyOf(l.amount, row.currency)} />
                  </dd>,
                ])}
                <dt>{t('books.owed')}</dt>
                <dd>
                  <MoneyText value={moneyOf(row.total, row.currency)} strong />
                </dd>
                <dt>{t('books.difference')}</dt>
                <dd>
                  <MoneyText value={moneyOf(row.difference, row.currency)} strong />{' '}
                  <Badge tone={row.difference === '0' ? 'good' : 'bad'}>
                    {row.difference === '0' ? t('books.matches') : t('books.differs')}
                  </Badge>
                </dd>
              </dl>
            ))
          )
        }
      </Frame>
    </Panel>
  );
}

function TrialBalancePanel() {
  const { t } = useTranslation();
  const asked = useQuery(trialBalanceQuery);
  return (
    <Panel title={t('books.trial')}>
      <Frame asked={asked} rows={6}>
        {({ currencies }) =>
          currencies.length === 0 ? (
            <Empty title={t('books.empty')} />
          ) : (
            currencies.map((table) => (
              <Scroll key={table.currency} label={`${t('books.trial')} ${table.currency}`}>
                <table className="grid compact ledger">
                  <thead>
                    <tr>
                      <th scope="col">{t('journal.account')}</th>
                      <th scope="col" className="right">
                        {t('journal.debit')}
                      </th>
                      <th scope="col" className="right">
                        {t('journal.credit')}
                      </th>
                    </tr>
                  </thead>
                  <tbody>
                    {table.rows.map((row) => (
                      <tr key={row.account}>
                        <td>
                          {t(`account.${row.account}`, { defaultValue: row.label })}{' '}
                          <code className="dim">{row.account}</code>
                        </td>
                        <td className="right" data-label={t('journal.debit')}>
                          {row.debit ? <MoneyText value={moneyOf(row.debit, table.currency)} /> : null}
                        </td>
                        <td className="right" data-label={t('journal.credit')}>
                          {row.credit ? <MoneyText value={moneyOf(row.credit, table.currency)} /> : null}
                        </td>
                      </tr>
                    ))}
                  </tbody>
                  <tfoot>
                    <tr>
                      <td>{t('draft.totals')}</td>
                      <td className="right" data-label={t('journal.debit')}>
                        <MoneyText value={moneyOf(table.total_debit, table.currency)} strong />
                      </td>
                      <td className="right" data-label={t('journal.credit')}>
                        <MoneyText value={moneyOf(table.total_credit, table.currency)} strong />
                      </td>
                    </tr>
                  </tfoot>
                </table>
              </Scroll>
            ))
          )
        }
      </Frame>
    </Panel>
  );
}

function Trail() {
  const { t } = useTranslation();
  const labels = useLabels();
  const orders = useInfiniteQuery(ordersQuery({}));
  const [id, setId] = useState('');
  const asked = useQuery(orderJournalsQuery(id));
  const items = orders.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Panel title={t('books.trail')}>
      <div className="row bottom">
        <NativeSelect
          className="grow"
          styles={{ input: { textOverflow: 'ellipsis' } }}
          label={t('palette.order')}
          value={id}
          onChange={(e) => setId(e.currentTarget.value)}
          data={[
            { value: '', label: t('draft.choose') },
            ...items.map((o) => ({ value: o.id, label: `${o.number} · ${o.title}` })),
          ]}
        />
        {orders.hasNextPage ? (
          <Button variant="default" onClick={() => void orders.fetchNextPage()}>
            {t('common.more')}
          </Button>
        ) : null}
      </div>
      {id ? (
        <Frame asked={asked} rows={4}>
          {(page) =>
            page.items.length === 0 ? (
              <Empty title={t('ledger.empty')} />
            ) : (
              page.items.map((journal) => (
                <div
                  key={`${journal.event_id}-${journal.rule}-${journal.lines[0]?.account}`}
                  className="stack small"
                >
                  <div className="row between">
                    <strong>
                      {labels.posting(journal.rule)} · {t('ledger.rule', { rule: journal.rule })}
                    </strong>
                    <Moment at={journal.at} />
                  </div>
                  <JournalTable journals={[journal]} />
                </div>
              ))
            )
          }
        </Frame>
      ) : null}
    </Panel>
  );
}
