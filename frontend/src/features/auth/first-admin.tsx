import { Button, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { call } from '../../api/client';
import { useTranslation } from '../../lib/i18n';
import { Preferences } from '../../ui/preferences';
import { ProblemAlert } from '../../ui/problem';
import { AuthFrame } from './auth-frame';
import { NewPassword, useFieldFaults } from './new-password';
import { useTicket } from './ticket';

/** Makes the first admin with the link the server printed. */
export function FirstAdmin() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const client = useQueryClient();
  const token = useTicket();
  const [form, setForm] = useState({ name: '', email: '', password: '', market: '' });
  const send = useMutation({
    mutationFn: () =>
      call('post', '/auth/first-admin', { body: { token, ...form, market: form.market || null } }),
    onSuccess: () => {
      client.clear();
      void navigate({ to: '/account/security' });
    },
  });
  const wrong = useFieldFaults(send.error);
  return (
    <AuthFrame title={t('firstAdmin.title')} lead={t('firstAdmin.lead')} preferences={<Preferences />}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          send.mutate();
        }}
      >
        <TextInput
          required
          label={t('field.name')}
          autoComplete="name"
          value={form.name}
          error={wrong('/name')}
          onChange={(event) => setForm({ ...form, name: event.currentTarget.value })}
        />
        <TextInput
          required
          type="email"
          label={t('field.email')}
          autoComplete="username"
          value={form.email}
          error={wrong('/email')}
          onChange={(event) => setForm({ ...form, email: event.currentTarget.value })}
        />
        <NewPassword
          value={form.password}
          onValue={(password) => setForm({ ...form, password })}
          error={wrong('/password')}
        />
        <TextInput
          label={t('firstAdmin.market')}
          description={t('firstAdmin.marketHint')}
          value={form.market}
          error={wrong('/market')}
          onChange={(event) => setForm({ ...form, market: event.currentTarget.value })}
        />
        <ProblemAlert fault={send.error} />
        <Button type="submit" loading={send.isPending}>
          {t('firstAdmin.submit')}
        </Button>
      </form>
    </AuthFrame>
  );
}
