import { Button, Modal, NativeSelect, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '../../api/client';
import { useIntent } from '../../api/intent';
import type { Money } from '../../api/types';
import { CURRENCIES } from '../../lib/money';
import { AmountInput } from '../../ui/inputs';
import { MoneyText } from '../../ui/money';
import { Panel } from '../../ui/page';
import { ProblemAlert } from '../../ui/problem';

/** Pays money in or out; the effect is shown before it is confirmed. */
export function MoneyForm({ kind, currencies }: { kind: 'pay-ins' | 'withdrawals'; currencies: string[] }) {
  const { t } = useTranslation();
  const choices =
    kind === 'pay-ins'
      ? [...new Set([...currencies, ...CURRENCIES])]
      : currencies.length
        ? currencies
        : ['USD'];
  const [currency, setCurrency] = useState(choices[0] ?? 'USD');
  const [minor, setMinor] = useState('0');
  const [reference, setReference] = useState('');
  const [asking, setAsking] = useState(false);
  const [done, setDone] = useState(false);
  const amount: Money = { minor, currency };
  const send = useIntent(
    (body: { amount: Money; reference?: string }, key: string) =>
      kind === 'pay-ins'
        ? call('post', '/wallet/pay-ins', { body, key })
        : call('post', '/wallet/withdrawals', { body: { amount: body.amount }, key }),
    {
      invalidates: [['wallet']],
      onSuccess: () => {
        setAsking(false);
        setDone(true);
        setMinor('0');
        setReference('');
      },
    },
  );
  return (
    <Panel title={t(`wallet.${kind}`)}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          setDone(false);
          setAsking(true);
        }}
      >
        <div className="cols">
          <NativeSelect
            label={t('wallet.currency')}
            value={currency}
            onChange={(e) => setCurrency(e.currentTarget.value)}
            data={choices}
          />
          <AmountInput
            key={currency}
            label={t('draft.amount')}
            minor={minor}
            currency={currency}
            onMinor={setMinor}
          />
          {kind === 'pay-ins' ? (
            <TextInput
              label={t('wallet.reference')}
              value={reference}
              onChange={(e) => setReference(e.currentTarget.value)}
            />
          ) : null}
        </div>
        <div className="row between">
          <span role="status" className="dim">
            {done ? t('wallet.done') : ''}
          </span>
          <Button type="submit" variant="default" disabled={BigInt(minor) <= 0n}>
            {t(`wallet.do.${kind}`)}
          </Button>
        </div>
      </form>
      <Modal
        opened={asking}
        onClose={() => setAsking(false)}
        title={<strong>{t(`wallet.${kind}`)}</strong>}
        closeButtonProps={{ 'aria-label': t('common.close') }}
      >
        <div className="stack">
          <ul className="effect">
            <li>
              <span>{t(kind === 'pay-ins' ? 'wallet.buyer' : 'wallet.seller')}</span>
              <MoneyText value={amount} sign={kind === 'pay-ins' ? '+' : '−'} strong />
            </li>
          </ul>
          <ProblemAlert fault={send.error} />
          <div className="row end">
            <Button variant="default" onClick={() => setAsking(false)}>
              {t('common.cancel')}
            </Button>
            <Button
              data-testid="confirm-step"
              loading={send.isPending}
              onClick={() => send.mutate(kind === 'pay-ins' ? { amount, reference } : { amount })}
            >
              {t(`wallet.do.${kind}`)}
            </Button>
          </div>
        </div>
      </Modal>
    </Panel>
  );
}
