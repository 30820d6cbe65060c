import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { call } from '../../api/client';
import type { SecurityView as Security } from '../../api/types';
import { useTranslation } from '../../lib/i18n';
import { Badge } from '../../ui/badge';
import { Panel } from '../../ui/page';
import { ProblemAlert } from '../../ui/problem';
import './account.css';
import { RecoveryCodes } from './recovery-codes';

const Qr = lazy(() => import('./qr').then((module) => ({ default: module.Qr })));

interface Enrolment {
  secret: string;
  uri: string;
}

/** Turns the second factor on, replaces it, or turns it off. */
export function SecondFactor({ security }: { security: Security }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [codes, setCodes] = useState<string[] | null>(null);
  const [turningOff, setTurningOff] = useState(false);
  const draw = useMutation({ mutationFn: () => call('post', '/auth/second-factor') });
  const renew = useMutation({
    mutationFn: () => call('post', '/auth/second-factor/recovery-codes'),
    onSuccess: (found) => setCodes(found.codes),
  });
  const done = () => {
    setCodes(null);
    setTurningOff(false);
    draw.reset();
    void client.invalidateQueries();
  };
  const on = security.second_factor;
  return (
    <Panel
      title={t('factor.title')}
      aside={<Badge tone={on ? 'good' : 'plain'}>{t(on ? 'factor.on' : 'factor.off')}</Badge>}
    >
      <p className="tight">{t('factor.lead')}</p>
      {on ? <p className="tight dim">{t('factor.left', { count: security.recovery_codes_left })}</p> : null}
      {draw.data ? (
        <Confirm enrolment={draw.data} onConfirmed={setCodes} onCancel={() => draw.reset()} />
      ) : (
        <div className="row">
          <Button variant={on ? 'default' : 'filled'} loading={draw.isPending} onClick={() => draw.mutate()}>
            {t(on ? 'factor.replace' : 'factor.turnOn')}
          </Button>
          {on ? (
            <>
              <Button variant="default" loading={renew.isPending} onClick={() => renew.mutate()}>
                {t('factor.renew')}
              </Button>
              <Button variant="subtle" color="red" onClick={() => setTurningOff(true)}>
                {t('factor.turnOff')}
              </Button>
            </>
          ) : null}
        </div>
      )}
      {turningOff ? <TurnOff onDone={done} onCancel={() => setTurningOff(false)} /> : null}
      <ProblemAlert fault={draw.error ?? renew.error} />
      {codes ? <RecoveryCodes codes={codes} onDone={done} /> : null}
    </Panel>
  );
}

function Confirm({
  enrolment,
  onConfirmed,
  onCancel,
}: {
  enrolment: Enrolment;
  onConfirmed: (codes: string[]) => void;
  onCancel: () => void;
}) {
  const { t } = useTranslation();
  const [code, setCode] = useState('');
  const confirm = useMutation({
    mutationFn: () => call('post', '/auth/second-factor/confirm', { body: { code } }),
    onSuccess: (found) => onConfirmed(found.codes),
    onError: () => setCode(''),
  });
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        confirm.mutate();
      }}
    >
      <p className="tight">{t('factor.scan')}</p>
      <Suspense fallback={<div className="qr" />}>
        <Qr text={enrolment.uri} label={t('factor.picture')} />
      </Suspense>
      <p className="tight">
        {t('factor.type')}{' '}
        <code className="secret" data-testid="factor-secret">
          {enrolment.secret}
        </code>
      </p>
      <TextInput
        required
        label={t('factor.first')}
        inputMode="numeric"
        maxLength={6}
        autoComplete="one-time-code"
        value={code}
        onChange={(event) => setCode(event.currentTarget.value.replace(/\D/g, ''))}
      />
      <ProblemAlert fault={confirm.error} />
      <div className="row end">
        <Button variant="default" onClick={onCancel}>
          {t('common.cancel')}
        </Button>
        <Button type="submit" loading={confirm.isPending} disabled={code.length !== 6}>
          {t('factor.confirm')}
        </Button>
      </div>
    </form>
  );
}

function TurnOff({ onDone, onCancel }: { onDone: () => void; onCancel: () => void }) {
  const { t } = useTranslation();
  const [password, setPassword] = useState('');
  const off = useMutation({
    mutationFn: () => call('post', '/auth/second-factor/off', { body: { password } }),
    onSuccess: onDone,
  });
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        off.mutate();
      }}
    >
      <PasswordInput
        required
        label={t('field.password')}
        description={t('factor.offHint')}
        autoComplete="current-password"
        visibilityToggleButtonProps={{ 'aria-label': t('field.showPassword') }}
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
      <ProblemAlert fault={off.error} />
      <div className="row end">
        <Button variant="default" onClick={onCancel}>
          {t('common.cancel')}
        </Button>
        <Button type="submit" color="red" loading={off.isPending}>
          {t('factor.turnOff')}
        </Button>
      </div>
    </form>
  );
}
