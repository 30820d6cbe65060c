import { Button, Checkbox, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { call } from '../../api/client';
import { useKept } from '../../api/kept-state';
import { useTranslation } from '../../lib/i18n';
import { Preferences } from '../../ui/preferences';
import { ProblemAlert } from '../../ui/problem';
import { AuthFrame } from './auth-frame';
import { NewPassword, useFieldFaults } from './new-password';

const EMPTY = {
  email: '',
  name: '',
  company: { name: '', country: '', registration_number: '', buys: true, sells: false },
};

export function SignUp() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const client = useQueryClient();
  const [typed, put, forget] = useKept('sign-up', () => EMPTY);
  // The password is never kept.
  const [password, setPassword] = useState('');
  const form = { ...typed, password };
  const send = useMutation({
    networkMode: 'always',
    mutationFn: () => call('post', '/auth/sign-up', { body: form }),
    onSuccess: () => {
      forget(EMPTY);
      client.clear();
      void navigate({ to: '/' });
    },
  });
  const wrong = useFieldFaults(send.error);
  const company = (change: Partial<typeof EMPTY.company>) => put({ company: { ...form.company, ...change } });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send.mutate();
  };
  return (
    <AuthFrame title={t('signUp.title')} lead={t('signUp.lead')} preferences={<Preferences />}>
      <form onSubmit={submit} className="stack">
        <TextInput
          required
          label={t('field.name')}
          autoComplete="name"
          value={form.name}
          error={wrong('/name')}
          onChange={(e) => put({ name: e.currentTarget.value })}
        />
        <TextInput
          required
          type="email"
          label={t('field.email')}
          autoComplete="username"
          value={form.email}
          error={wrong('/email')}
          onChange={(e) => put({ email: e.currentTarget.value })}
        />
        <NewPassword value={form.password} onValue={setPassword} error={wrong('/password')} />
        <TextInput
          required
          label={t('field.company')}
          autoComplete="organization"
          value={form.company.name}
          error={wrong('/company/name')}
          onChange={(e) => company({ name: e.currentTarget.value })}
        />
        <div className="cols">
          <TextInput
            required
            label={t('field.country')}
            description={t('field.countryHint')}
            maxLength={2}
            value={form.company.country}
            error={wrong('/company/country')}
            onChange={(e) => company({ country: e.currentTarget.value.toUpperCase() })}
          />
          <TextInput
            required
            label={t('field.registration')}
            description={t('field.registrationHint')}
            value={form.company.registration_number}
            error={wrong('/company/registration_number')}
            onChange={(e) => company({ registration_number: e.currentTarget.value })}
          />
        </div>
        <div className="row">
          <Checkbox
            label={t('signUp.buys')}
            checked={form.company.buys}
            onChange={(e) => company({ buys: e.currentTarget.checked })}
          />
          <Checkbox
            label={t('signUp.sells')}
            checked={form.company.sells}
            onChange={(e) => company({ sells: e.currentTarget.checked })}
          />
        </div>
        <ProblemAlert fault={send.error} />
        <Button type="submit" loading={send.isPending} disabled={!form.company.buys && !form.company.sells}>
          {t('signUp.submit')}
        </Button>
      </form>
      <p className="tight">
        {t('signUp.have')} <Link to="/sign-in">{t('signIn.submit')}</Link>
      </p>
    </AuthFrame>
  );
}
