import { Button, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { call } from '../../api/client';
import { useTranslation } from '../../lib/i18n';
import { Preferences } from '../../ui/preferences';
import { ProblemAlert } from '../../ui/problem';
import { AuthFrame } from './auth-frame';

/** Asks for a link that sets a new password. The answer is the same whether the address is known or not. */
export function Forgotten() {
  const { t } = useTranslation();
  const [email, setEmail] = useState('');
  const ask = useMutation({
    mutationFn: () => call('post', '/auth/password/forgotten', { body: { email } }),
  });
  return (
    <AuthFrame title={t('forgotten.title')} lead={t('forgotten.lead')} preferences={<Preferences />}>
      {ask.isSuccess ? (
        <p className="notice" role="status">
          <strong>{t('forgotten.sent')}</strong> {t('forgotten.sentHint')}
        </p>
      ) : (
        <form
          className="stack"
          onSubmit={(event) => {
            event.preventDefault();
            ask.mutate();
          }}
        >
          <TextInput
            required
            type="email"
            label={t('field.email')}
            autoComplete="username"
            value={email}
            onChange={(event) => setEmail(event.currentTarget.value)}
          />
          <ProblemAlert fault={ask.error} />
          <Button type="submit" loading={ask.isPending}>
            {t('forgotten.submit')}
          </Button>
        </form>
      )}
      <p className="tight">
        <Link to="/sign-in">{t('signIn.submit')}</Link>
      </p>
    </AuthFrame>
  );
}
