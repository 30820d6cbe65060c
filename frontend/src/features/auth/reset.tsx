import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { call } from '../../api/client';
import { useTranslation } from '../../lib/i18n';
import { Preferences } from '../../ui/preferences';
import { ProblemAlert } from '../../ui/problem';
import { AuthFrame } from './auth-frame';
import { NewPassword, useFieldFaults } from './new-password';
import { useTicket } from './ticket';

/** Sets a new password with a link from a mail. */
export function Reset() {
  const { t } = useTranslation();
  const token = useTicket();
  const [password, setPassword] = useState('');
  const send = useMutation({
    mutationFn: () => call('post', '/auth/password/reset', { body: { token, password } }),
  });
  const wrong = useFieldFaults(send.error);
  return (
    <AuthFrame title={t('reset.title')} lead={t('reset.lead')} preferences={<Preferences />}>
      {send.isSuccess ? (
        <p className="notice" role="status">
          <strong>{t('reset.done')}</strong> <Link to="/sign-in">{t('signIn.submit')}</Link>
        </p>
      ) : (
        <form
          className="stack"
          onSubmit={(event) => {
            event.preventDefault();
            send.mutate();
          }}
        >
          <NewPassword
            label={t('field.newPassword')}
            value={password}
            onValue={setPassword}
            error={wrong('/password')}
          />
          <ProblemAlert fault={send.error} />
          <Button type="submit" loading={send.isPending}>
            {t('reset.submit')}
          </Button>
        </form>
      )}
      <p className="tight">
        <Link to="/forgotten-password">{t('reset.another')}</Link>
      </p>
    </AuthFrame>
  );
}
