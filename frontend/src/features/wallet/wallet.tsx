import { SegmentedControl } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { API, address } from '../../api/client';
import { meQuery, statementQuery, type WalletPart, walletQuery } from '../../api/queries';
import type { WalletAccount } from '../../api/types';
import { useTranslation } from '../../lib/i18n';
import { Empty, Frame, MoreButton } from '../../ui/frame';
import { useLabels } from '../../ui/labels';
import { Moment } from '../../ui/moment';
import { MoneyText } from '../../ui/money';
import { Page, Panel } from '../../ui/page';
import { Scroll } from '../../ui/scroll';
import { MoneyForm } from './money-form';

export function WalletPage() {
  const { t } = useTranslation();
  const { data: me } = useQuery(meQuery);
  const asked = useQuery(walletQuery);
  const mayMove = me?.seat.role === 'owner' || me?.seat.role === 'finance';
  return (
    <Page title={t('wallet.title')} lead={t('wallet.lead')}>
      <Frame asked={asked} rows={6}>
        {({ accounts }) => (
          <>
            {accounts.length === 0 ? (
              <Empty title={t('wallet.empty')} hint={t('wallet.emptyHint')} />
            ) : (
              <Balances accounts={accounts} />
            )}
            {mayMove ? (
              <div className="cols wide">
                <MoneyForm kind="pay-ins" currencies={accounts.map((a) => a.currency)} />
                <MoneyForm kind="withdrawals" currencies={accounts.map((a) => a.currency)} />
              </div>
            ) : null}
            {accounts.length > 0 ? (
              <Statement
                currencies={busiestFirst(accounts).map((a) => a.currency)}
                first={me?.seat.company?.buys === false ? 'seller' : 'buyer'}
              />
            ) : null}
          </>
        )}
      </Frame>
    </Page>
  );
}

/** The currencies with money at work stand first. */
function busiestFirst(accounts: WalletAccount[]): WalletAccount[] {
  const idle = (a: WalletAccount) =>
    a.held_in_escrow.minor === '0' && a.seller.minor === '0' && a.reserve.minor === '0' ? 1 : 0;
  return [...accounts].sort((a, b) => idle(a) - idle(b));
}

function Balances({ accounts }: { accounts: WalletAccount[] }) {
  const { t } = useTranslation();
  return (
    <div className="cols wide">
      {accounts.map((account) => (
        <Panel key={account.currency} title={account.currency}>
          <dl className="facts">
            <dt>{t('wallet.buyer')}</dt>
            <dd>
              <MoneyText value={account.buyer} strong />
            </dd>
            <dt>{t('wallet.seller')}</dt>
            <dd>
              <MoneyText value={account.seller} strong />
            </dd>
            <dt>{t('wallet.reserve')}</dt>
            <dd>
              <MoneyText value={account.reserve} />
            </dd>
            <dt>{t('wallet.held')}</dt>
            <dd>
              <MoneyText value={account.held_in_escrow} />
            </dd>
          </dl>
        </Panel>
      ))}
    </div>
  );
}

function Statement({ currencies, first }: { currencies: string[]; first: WalletPart }) {
  const { t } = useTranslation();
  const labels = useLabels();
  const [currency, setCurrency] = useState(currencies[0] ?? '');
  const [account, setAccount] = useState<WalletPart>(first);
  const asked = useInfiniteQuery(statementQuery(currency, account));
  const items = asked.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Panel
      flush
      title={t('wallet.statement')}
      aside={
        <div className="row">
          {currencies.length > 1 ? (
            <SegmentedControl
              size="xs"
              aria-label={t('wallet.currency')}
              value={currency}
              onChange={setCurrency}
              data={currencies}
            />
          ) : null}
          <SegmentedControl
            size="xs"
            aria-label={t('wallet.account')}
            value={account}
            onChange={(value) => setAccount(value as WalletPart)}
            data={(['buyer', 'seller', 'reserve'] as const).map((value) => ({
              value,
              label: t(`wallet.${value}`),
            }))}
          />
          <a href={API + address('/wallet/statement.csv', {}, { currency, account })} download>
            {t('wallet.csv')}
          </a>
        </div>
      }
    >
      <Frame asked={asked} rows={5}>
        {() =>
          items.length === 0 ? (
            <Empty title={t('wallet.noLines')} />
          ) : (
            <>
              <Scroll label={t('wallet.statement')}>
                <table className="grid cards">
                  <thead>
                    <tr>
                      <th scope="col">{t('history.market')}</th>
                      <th scope="col">{t('wallet.text')}</th>
                      <th scope="col">{t('palette.order')}</th>
                      <th scope="col" className="right">
                        {t('journal.debit')}
                      </th>
                      <th scope="col" className="right">
                        {t('journal.credit')}
                      </th>
                      <th scope="col" className="right">
                        {t('wallet.balance')}
                      </th>
                    </tr>
                  </thead>
                  <tbody>
                    {items.map((line) => (
                      <tr key={line.seq}>
                        <td>
                          <Moment at={line.at} />
                        </td>
                        <td data-label={t('wallet.text')}>
                          {[labels.posting(line.rule, line.text), line.reference].filter(Boolean).join(': ')}{' '}
                          <code className="dim">{line.rule}</code>
                        </td>
                        <td data-label={t('palette.order')}>
                          {line.order_id ? (
                            <Link to="/orders/$id" params={{ id: line.order_id }}>
                              {line.order_number ?? t('palette.order')}
                            </Link>
                          ) : (
                            '—'
                          )}
                        </td>
                        <td className="right" data-label={t('journal.debit')}>
                          {line.debit ? <MoneyText value={line.debit} /> : null}
                        </td>
                        <td className="right" data-label={t('journal.credit')}>
                          {line.credit ? <MoneyText value={line.credit} /> : null}
                        </td>
                        <td className="right" data-label={t('wallet.balance')}>
                          <MoneyText value={line.balance} strong />
                        </td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </Scroll>
              <MoreButton asked={asked} />
            </>
          )
        }
      </Frame>
    </Panel>
  );
}
