import { Button, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../../api/client';
import type { Rfq } from '../../api/types';
import { useTranslation } from '../../lib/i18n';
import { Panel } from '../../ui/page';
import { ProblemAlert } from '../../ui/problem';
import { STALE } from './queries';

/** What a buyer may do with a request that still runs: longer, shorter, or not at all. */
export function BuyerSteps({ rfq }: { rfq: Rfq }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [deadline, setDeadline] = useState('');
  const [sure, setSure] = useState(false);
  const path = { rfq: rfq.id };
  const step = useMutation({
    mutationFn: (name: 'extend' | 'close' | 'withdraw') => {
      if (name === 'extend') return call('post', '/rfqs/{rfq}/extend', { path, body: { deadline } });
      if (name === 'close') return call('post', '/rfqs/{rfq}/close', { path });
      return call('post', '/rfqs/{rfq}/withdraw', { path });
    },
    onSuccess: () => setDeadline(''),
    onSettled: () => {
      setSure(false);
      for (const queryKey of STALE) void client.invalidateQueries({ queryKey });
    },
  });
  return (
    <Panel title={t('rfq.steps')}>
      <ProblemAlert fault={step.error} />
      {rfq.state === 'open' ? (
        <>
          <form
            className="row bottom"
            onSubmit={(event) => {
              event.preventDefault();
              step.mutate('extend');
            }}
          >
            <TextInput
              type="date"
              required
              className="grow"
              label={t('rfq.newDeadline')}
              value={deadline}
              onChange={(event) => setDeadline(event.currentTarget.value)}
            />
            <Button type="submit" variant="default" loading={step.isPending}>
              {t('rfq.extend')}
            </Button>
          </form>
          <Button variant="default" loading={step.isPending} onClick={() => step.mutate('close')}>
            {t('rfq.close')}
          </Button>
        </>
      ) : null}
      {sure ? (
        <div className="stack small" role="alert">
          <p className="tight">{t('rfq.withdrawSure')}</p>
          <div className="row">
            <Button color="red" loading={step.isPending} onClick={() => step.mutate('withdraw')}>
              {t('rfq.withdraw')}
            </Button>
            <Button variant="default" onClick={() => setSure(false)}>
              {t('common.cancel')}
            </Button>
          </div>
        </div>
      ) : (
        <Button variant="subtle" color="red" onClick={() => setSure(true)}>
          {t('rfq.withdraw')}
        </Button>
      )}
    </Panel>
  );
}
