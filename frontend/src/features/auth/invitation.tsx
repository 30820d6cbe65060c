import { Button, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { call } from '../../api/client';
import { meQuery } from '../../api/queries';
import type { OfferView as Offer } from '../../api/types';
import { useTranslation } from '../../lib/i18n';
import { Frame } from '../../ui/frame';
import { Preferences } from '../../ui/preferences';
import { ProblemAlert } from '../../ui/problem';
import { AuthFrame } from './auth-frame';
import { NewPassword, useFieldFaults } from './new-password';
import { forgetTicket, useTicket } from './ticket';

const KEPT = 'entrepot-invitation';

/** Takes a seat that was offered by mail: with the account of the address, or with a new one. */
export function Invitation() {
  const { t } = useTranslation();
  const token = useTicket(KEPT);
  const offer = useQuery({
    queryKey: ['invitation', token],
    queryFn: () => call('post', '/auth/invitation', { body: { token } }),
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
  return (
    <AuthFrame title={t('invitation.title')} lead={t('invitation.lead')} preferences={<Preferences />}>
      <Frame asked={offer} rows={3}>
        {(found) => <Accept token={token} offer={found} />}
      </Frame>
    </AuthFrame>
  );
}

function Accept({ token, offer }: { token: string; offer: Offer }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const client = useQueryClient();
  // Asking who is signed in also refreshes a session that went stale on the way.
  const { data: me } = useQuery({ ...meQuery, enabled: offer.account });
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const send = useMutation({
    mutationFn: () =>
      call('post', '/auth/invitation/accept', {
        body: offer.account ? { token } : { token, name, password },
      }),
    onSuccess: () => {
      forgetTicket(KEPT);
      client.clear();
      void navigate({ to: '/' });
    },
  });
  const wrong = useFieldFaults(send.error);
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        send.mutate();
      }}
    >
      <dl className="facts">
        <dt>{t('invitation.place')}</dt>
        <dd>{offer.place}</dd>
        <dt>{t('team.role')}</dt>
        <dd>{t(`role.${offer.role}`)}</dd>
        <dt>{t('invitation.inviter')}</dt>
        <dd>{offer.inviter}</dd>
        <dt>{t('field.email')}</dt>
        <dd>{offer.email}</dd>
      </dl>
      {offer.account && me?.user.email === offer.email ? null : offer.account ? (
        <p className="tight">
          {t('invitation.account')}{' '}
          <Link to="/sign-in" search={{ back: '/invitation' }}>
            {t('signIn.submit')}
          </Link>
        </p>
      ) : (
        <>
          <TextInput
            required
            label={t('field.name')}
            autoComplete="name"
            value={name}
            error={wrong('/name')}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <NewPassword value={password} onValue={setPassword} error={wrong('/password')} />
        </>
      )}
      <ProblemAlert fault={send.error} />
      <Button type="submit" loading={send.isPending}>
        {t('invitation.submit')}
      </Button>
    </form>
  );
}
