import { Button, NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { ApiProblem, call } from '../../api/client';
import { useIntent } from '../../api/intent';
import { marketQuery } from '../../api/queries';
import type { ProofDecision, ProofKind, ProofReason, QueuedProof } from '../../api/types';
import { dateAfter } from '../../lib/dates';
import { useTranslation } from '../../lib/i18n';
import { ProblemAlert, Unconfirmed, useProblemText } from '../../ui/problem';

const REASONS = [
  'unreadable',
  'page_missing',
  'wrong_document',
  'out_of_date',
  'name_differs',
  'number_unknown',
  'issuer_denies',
  'not_at_address',
  'other',
] as const;
/** Days a proof of a kind is usually confirmed for. */
const TERM: Record<ProofKind, number> = {
  business_licence: 365,
  legal_representative: 730,
  bank_account: 365,
  site_visit: 365,
  export_registration: 365,
  quality_certificate: 365,
};
const CHECKS = ['reads', 'names', 'issuer', 'current'] as const;

/** The form a claim is decided with: what to look at, and one decision. */
export function Decision({ item }: { item: QueuedProof }) {
  const { t } = useTranslation();
  const { sayField } = useProblemText();
  const { data: market } = useQuery(marketQuery);
  const today = (market?.clock.now ?? new Date().toISOString()).slice(0, 10);
  const confirmed = item.state === 'confirmed';
  const choices: ProofDecision[] = confirmed ? ['recheck', 'revoke'] : ['confirm', 'ask', 'refuse'];
  const [decision, setDecision] = useState<ProofDecision>(choices[0] ?? 'confirm');
  const [checks, setChecks] = useState<string[]>([]);
  const [reason, setReason] = useState<ProofReason>('unreadable');
  const [until, setUntil] = useState(() => item.valid_until ?? dateAfter(today, TERM[item.kind]));
  const [again, setAgain] = useState('');
  const [note, setNote] = useState('');
  const send = useIntent(
    `proof/${item.id}/decision`,
    (
      body: {
        decision: ProofDecision;
        reason?: ProofReason;
        valid_until?: string;
        recheck_on?: string;
        note: string;
      },
      key: string,
    ) => call('post', '/admin/proofs/{proof}/decision', { path: { proof: item.id }, body, key }),
    { invalidates: [['admin', 'proofs'], ['proofs']] },
  );
  const faults = send.error instanceof ApiProblem ? send.error.fields : [];
  const wrong = (pointer: string) => {
    const found = faults.find((field) => field.pointer === pointer);
    return found ? sayField(found) : undefined;
  };
  const confirms = decision === 'confirm';
  const explains = decision === 'ask' || decision === 'refuse' || decision === 'revoke';
  const ready = !confirms || CHECKS.every((check) => checks.includes(check));
  const toggle = (check: string) =>
    setChecks((old) => (old.includes(check) ? old.filter((one) => one !== check) : [...old, check]));
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        send.mutate({
          decision,
          reason: explains ? reason : undefined,
          valid_until: confirms ? until : undefined,
          recheck_on: (confirms || decision === 'recheck') && again ? again : undefined,
          note,
        });
      }}
    >
      <NativeSelect
        label={t('proof.decision')}
        value={decision}
        onChange={(event) => setDecision(event.currentTarget.value as ProofDecision)}
        data={choices.map((value) => ({ value, label: t(`proof.decide.${value}`) }))}
      />
      {confirms ? (
        <fieldset className="checks">
          <legend>{t('proof.lookAt')}</legend>
          {CHECKS.map((check) => (
            <label key={check}>
              <input type="checkbox" checked={checks.includes(check)} onChange={() => toggle(check)} />
              <span>{t(`proof.check.${check}`)}</span>
            </label>
          ))}
        </fieldset>
      ) : null}
      {explains ? (
        <NativeSelect
          label={t('proof.why')}
          value={reason}
          error={wrong('/reason')}
          onChange={(event) => setReason(event.currentTarget.value as ProofReason)}
          data={REASONS.map((value) => ({ value, label: t(`proof.reason.${value}`) }))}
        />
      ) : null}
      {confirms ? (
        <TextInput
          type="date"
          required
          label={t('proof.validUntil')}
          description={t('proof.endsAt24')}
          value={until}
          error={wrong('/valid_until')}
          onChange={(event) => setUntil(event.currentTarget.value)}
        />
      ) : null}
      {confirms || decision === 'recheck' ? (
        <TextInput
          type="date"
          label={t('proof.recheckOn')}
          value={again}
          error={wrong('/recheck_on')}
          onChange={(event) => setAgain(event.currentTarget.value)}
        />
      ) : null}
      <Textarea
        label={t('proof.note')}
        autosize
        minRows={2}
        maxLength={1000}
        required={explains && reason === 'other'}
        value={note}
        error={wrong('/note')}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
      <Unconfirmed shown={send.unconfirmed} />
      <ProblemAlert fault={send.error} />
      <div className="row end">
        <Button
          type="submit"
          data-testid="decide"
          color={decision === 'refuse' || decision === 'revoke' ? 'red' : undefined}
          loading={send.isPending}
          disabled={!ready}
        >
          {t(`proof.decide.${decision}`)}
        </Button>
      </div>
    </form>
  );
}
