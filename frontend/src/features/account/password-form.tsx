import { Button, PasswordInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ApiProblem, call } from '../../api/client';
import { meQuery } from '../../api/queries';
import { useTranslation } from '../../lib/i18n';
import { Panel } from '../../ui/page';
import { ProblemAlert, useProblemText } from '../../ui/problem';

/** Sets a new password with the old one; every other session ends. */
export function PasswordForm({ secondFactor }: { secondFactor: boolean }) {
  const { t } = useTranslation();
  const { say } = useProblemText();
  const client = useQueryClient();
  const [form, setForm] = useState({ current_password: '', password: '' });
  const send = useMutation({
    mutationFn: () => call('post', '/auth/password', { body: form }),
    onSuccess: () => {
      setForm({ current_password: '', password: '' });
      void client.invalidateQueries({ queryKey: meQuery.queryKey });
      void client.invalidateQueries({ queryKey: ['sessions'] });
    },
  });
  const fields = send.error instanceof ApiProblem ? send.error.fields : [];
  const wrong = (pointer: string) => {
    const found = fields.find((field) => field.pointer === pointer);
    return found ? say(found) : undefined;
  };
  const toggle = { 'aria-label': t('field.showPassword') };
  return (
    <Panel title={t('password.title')}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          send.mutate();
        }}
      >
        <PasswordInput
          required
          label={t('password.current')}
          autoComplete="current-password"
          visibilityToggleButtonProps={toggle}
          value={form.current_password}
          error={wrong('/current_password')}
          onChange={(event) => setForm({ ...form, current_password: event.currentTarget.value })}
        />
        <PasswordInput
          required
          label={t('field.newPassword')}
          description={t(secondFactor ? 'password.hintBeside' : 'signUp.passwordHint')}
          autoComplete="new-password"
          maxLength={256}
          visibilityToggleButtonProps={toggle}
          value={form.password}
          error={wrong('/password')}
          onChange={(event) => setForm({ ...form, password: event.currentTarget.value })}
        />
        {fields.length === 0 ? <ProblemAlert fault={send.error} /> : null}
        <div className="row between">
          <span role="status" className="dim">
            {send.isSuccess ? t('password.done') : ''}
          </span>
          <Button type="submit" variant="default" loading={send.isPending}>
            {t('password.submit')}
          </Button>
        </div>
      </form>
    </Panel>
  );
}
