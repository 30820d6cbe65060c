import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link, useRouter } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { ApiProblem, call } from '../../api/client';
import { optionsQuery } from '../../api/queries';
import type { DemoSeat, SignIn as SignInForm } from '../../api/types';
import { useTranslation } from '../../lib/i18n';
import { Preferences } from '../../ui/preferences';
import { ProblemAlert } from '../../ui/problem';
import { AuthFrame } from './auth-frame';

const route = getRouteApi('/sign-in');
const SEATS: DemoSeat[] = ['buyer', 'seller', 'admin', 'teacher'];

type Entry = { seat: DemoSeat } | { form: SignInForm };

/** Only paths of our own: a link must not be able to send people elsewhere after sign-in. */
function safePath(back: string | undefined): string {
  return back?.startsWith('/') &&
    !back.startsWith('//') &&
    !back.startsWith('/\\') &&
    !back.startsWith('/sign-')
    ? back
    : '/';
}

export function SignIn() {
  const { t } = useTranslation();
  const { back } = route.useSearch();
  const router = useRouter();
  const client = useQueryClient();
  const options = useQuery(optionsQuery);
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const enter = useMutation({
    mutationFn: (asked: Entry) =>
      'seat' in asked
        ? call('post', '/auth/demo', { body: { seat: asked.seat } })
        : call('post', '/auth/sign-in', { body: asked.form }),
    onSuccess: () => {
      client.removeQueries({ predicate: (query) => query.queryKey[0] !== 'auth-options' });
      router.history.push(safePath(back));
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    enter.mutate({ form: code ? { email, password, code } : { email, password } });
  };
  const said = enter.error instanceof ApiProblem ? enter.error.code : '';
  // Once asked for, the field stays: a wrong code is corrected in place.
  const wantsCode = said === 'identity.code_needed' || said === 'identity.code_wrong' || code !== '';
  return (
    <AuthFrame title={t('signIn.title')} lead={t('signIn.lead')} preferences={<Preferences />}>
      {options.data?.demo ? (
        <>
          <div className="demo-seats">
            {SEATS.map((seat) => (
              <Button
                key={seat}
                data-testid={`demo-${seat}`}
                variant={seat === 'buyer' ? 'filled' : 'default'}
                loading={enter.isPending && 'seat' in enter.variables && enter.variables.seat === seat}
                onClick={() => enter.mutate({ seat })}
              >
                {t(`signIn.demo.${seat}`)}
              </Button>
            ))}
          </div>
          <div className="or">{t('signIn.or')}</div>
        </>
      ) : null}
      <form onSubmit={submit} className="stack">
        <TextInput
          required
          label={t('field.email')}
          type="email"
          autoComplete="username"
          value={email}
          onChange={(e) => setEmail(e.currentTarget.value)}
        />
        <PasswordInput
          required
          label={t('field.password')}
          autoComplete="current-password"
          visibilityToggleButtonProps={{ 'aria-label': t('field.showPassword') }}
          value={password}
          onChange={(e) => setPassword(e.currentTarget.value)}
        />
        {wantsCode ? (
          <TextInput
            required
            autoFocus
            label={t('field.code')}
            description={t('field.codeHint')}
            autoComplete="one-time-code"
            value={code}
            onChange={(e) => setCode(e.currentTarget.value)}
          />
        ) : null}
        {said === 'identity.code_needed' ? null : <ProblemAlert fault={enter.error} />}
        <Button type="submit" variant={options.data?.demo ? 'default' : 'filled'} loading={enter.isPending}>
          {t('signIn.submit')}
        </Button>
      </form>
      <p className="tight">
        <Link to="/forgotten-password">{t('signIn.forgotten')}</Link>
      </p>
      <p className="tight">
        {t('signIn.new')} <Link to="/sign-up">{t('signIn.signUp')}</Link>
      </p>
    </AuthFrame>
  );
}
