import { Button, Modal, PasswordInput, SegmentedControl, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../../api/client';
import type { Problem } from '../../api/types';
import { useTranslation } from '../../lib/i18n';
import { ProblemAlert } from '../../ui/problem';

type Way = 'password' | 'code';

/** Asks for the password or a code; the step that wanted it is repeated when it was right. */
export function StepUpDialog({ problem, onEnd }: { problem: Problem; onEnd: (right: boolean) => void }) {
  const { t } = useTranslation();
  return (
    <Modal
      opened
      onClose={() => onEnd(false)}
      title={<strong>{t('stepUp.title')}</strong>}
      closeButtonProps={{ 'aria-label': t('common.close') }}
      // Above the dialog of the step that asked.
      zIndex={400}
    >
      <Ask problem={problem} onRight={() => onEnd(true)} onCancel={() => onEnd(false)} />
    </Modal>
  );
}

function Ask({
  problem,
  onRight,
  onCancel,
}: {
  problem: Problem;
  onRight: () => void;
  onCancel: () => void;
}) {
  const { t } = useTranslation();
  const ways = (['code', 'password'] as const).filter((way) => problem.params?.[way] !== 'false');
  const [way, setWay] = useState<Way>(ways[0] ?? 'password');
  const [secret, setSecret] = useState('');
  const show = useMutation({
    mutationFn: () => call('post', '/auth/step-up', { body: { [way]: secret } }),
    onSuccess: onRight,
    onError: () => setSecret(''),
  });
  const field = {
    required: true,
    'data-autofocus': true,
    value: secret,
    onChange: (event: { currentTarget: { value: string } }) => setSecret(event.currentTarget.value),
  };
  return (
    <form
      className="stack"
      data-testid="step-up"
      onSubmit={(event) => {
        event.preventDefault();
        // The dialog stands inside other forms' trees; their submit is not meant.
        event.stopPropagation();
        show.mutate();
      }}
    >
      <p className="tight">{t('stepUp.lead')}</p>
      {ways.length > 1 ? (
        <SegmentedControl
          aria-label={t('stepUp.way')}
          value={way}
          onChange={(value) => {
            setWay(value as Way);
            setSecret('');
          }}
          data={ways.map((value) => ({ value, label: t(`stepUp.${value}`) }))}
        />
      ) : null}
      {way === 'password' ? (
        <PasswordInput
          {...field}
          label={t('field.password')}
          autoComplete="current-password"
          visibilityToggleButtonProps={{ 'aria-label': t('field.showPassword') }}
        />
      ) : (
        <TextInput
          {...field}
          label={t('field.code')}
          description={t('field.codeHint')}
          autoComplete="one-time-code"
        />
      )}
      <ProblemAlert fault={show.error} />
      <div className="row end">
        <Button variant="default" onClick={onCancel}>
          {t('common.cancel')}
        </Button>
        <Button type="submit" loading={show.isPending}>
          {t('stepUp.submit')}
        </Button>
      </div>
    </form>
  );
}
