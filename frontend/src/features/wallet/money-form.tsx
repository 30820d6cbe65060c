import { Button, Modal, NativeSelect, TextInput } from '@mantine/core';
import { useState } from 'react';
import { call } from '../../api/client';
import { useIntent } from '../../api/intent';
import { useKept, useLeave, useOwner } from '../../api/kept-state';
import type { Money } from '../../api/types';
import { useTranslation } from '../../lib/i18n';
import { keep } from '../../lib/kept';
import { CURRENCIES } from '../../lib/money';
import { AmountInput } from '../../ui/inputs';
import { MoneyText } from '../../ui/money';
import { Panel } from '../../ui/page';
import { ProblemAlert, Unconfirmed } from '../../ui/problem';

/** Pays money in or out; the effect is shown before it is confirmed. */
export function MoneyForm({ kind, currencies }: { kind: 'pay-ins' | 'withdrawals'; currencies: string[] }) {
  const { t } = useTranslation();
  const choices =
    kind === 'pay-ins'
      ? [...new Set([...currencies, ...CURRENCIES])]
      : currencies.length
        ? currencies
        : ['USD'];
  const empty = { minor: '0', reference: '', asking: false };
  const [form, put, forget] = useKept(`wallet/${kind}`, () => ({ currency: choices[0] ?? 'USD', ...empty }));
  const { currency, minor, reference, asking } = form;
  const [done, setDone] = useState(false);
  const owner = useOwner();
  useLeave(() => {
    if (asking) keep(owner, `wallet/${kind}`, { ...form, asking: false });
  });
  const amount: Money = { minor, currency };
  const send = useIntent(
    `wallet/${kind}`,
    (body: { amount: Money; reference?: string }, key: string) =>
      kind === 'pay-ins'
        ? call('post', '/wallet/pay-ins', { body, key })
        : call('post', '/wallet/withdrawals', { body: { amount: body.amount }, key }),
    {
      invalidates: [['wallet']],
      onSuccess: () => {
        setDone(true);
        forget({ currency, ...empty });
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
          put({ asking: true });
        }}
      >
        <div className="cols">
          <NativeSelect
            label={t('wallet.currency')}
            value={currency}
            onChange={(e) => put({ currency: e.currentTarget.value })}
            data={choices}
          />
          <AmountInput
            key={currency}
            label={t('draft.amount')}
            minor={minor}
            currency={currency}
            onMinor={(typed) => put({ minor: typed })}
          />
          {kind === 'pay-ins' ? (
            <TextInput
              label={t('wallet.reference')}
              value={reference}
              onChange={(e) => put({ reference: e.currentTarget.value })}
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
        onClose={() => put({ asking: false })}
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
          <Unconfirmed shown={send.unconfirmed} />
          <ProblemAlert fault={send.error} />
          <div className="row end">
            <Button variant="default" onClick={() => put({ asking: false })}>
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
