import { Button, NativeSelect, TextInput } from '@mantine/core';
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ApiProblem, call } from '../../api/client';
import type { Role } from '../../api/types';
import { useTranslation } from '../../lib/i18n';
import { Empty, Frame } from '../../ui/frame';
import { LocalMoment } from '../../ui/local-moment';
import { Panel } from '../../ui/page';
import { ProblemAlert, useProblemText } from '../../ui/problem';
import { Scroll } from '../../ui/scroll';

const invitationsQuery = queryOptions({
  queryKey: ['invitations'],
  queryFn: ({ signal }) => call('get', '/team/invitations', { signal }),
});

/** Offers seats by mail, and takes offers back. */
export function Invitations({ grantable }: { grantable: Role[] }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const asked = useQuery(invitationsQuery);
  const again = () => client.invalidateQueries({ queryKey: invitationsQuery.queryKey });
  const withdraw = useMutation({
    mutationFn: (id: string) => call('delete', '/team/invitations/{id}', { path: { id } }),
    onSettled: again,
  });
  return (
    <Panel title={t('invitations.title')}>
      <Invite grantable={grantable} onSent={again} />
      <ProblemAlert fault={withdraw.error} />
      <Frame asked={asked} rows={2}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title={t('invitations.none')} />
          ) : (
            <Scroll label={t('invitations.title')}>
              <table className="grid cards">
                <thead>
                  <tr>
                    <th scope="col">{t('field.email')}</th>
                    <th scope="col">{t('team.role')}</th>
                    <th scope="col">{t('invitations.ends')}</th>
                    <th scope="col" className="right">
                      {t('sessions.action')}
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {items.map((invitation) => (
                    <tr key={invitation.id}>
                      <td>{invitation.email}</td>
                      <td data-label={t('team.role')}>{t(`role.${invitation.role}`)}</td>
                      <td data-label={t('invitations.ends')}>
                        <LocalMoment at={invitation.expires_at} />
                      </td>
                      <td data-label={t('sessions.action')} className="right">
                        <Button
                          size="compact-sm"
                          variant="default"
                          loading={withdraw.isPending && withdraw.variables === invitation.id}
                          onClick={() => withdraw.mutate(invitation.id)}
                        >
                          {t('invitations.withdraw')}
                        </Button>
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </Scroll>
          )
        }
      </Frame>
    </Panel>
  );
}

function Invite({ grantable, onSent }: { grantable: Role[]; onSent: () => unknown }) {
  const { t } = useTranslation();
  const { say } = useProblemText();
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<Role>(
    grantable.includes('trader') ? 'trader' : (grantable[0] ?? 'viewer'),
  );
  const send = useMutation({
    mutationFn: () => call('post', '/team/invitations', { body: { email, role } }),
    onSuccess: () => {
      setEmail('');
      void onSent();
    },
  });
  const fields = send.error instanceof ApiProblem ? send.error.fields : [];
  const wrong = fields.find((field) => field.pointer === '/email');
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        send.mutate();
      }}
    >
      <div className="row bottom">
        <TextInput
          required
          type="email"
          className="grow"
          label={t('field.email')}
          value={email}
          error={wrong ? say(wrong) : undefined}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <NativeSelect
          label={t('team.role')}
          value={role}
          onChange={(event) => setRole(event.currentTarget.value as Role)}
          data={grantable.map((value) => ({ value, label: t(`role.${value}`) }))}
        />
        <Button type="submit" loading={send.isPending}>
          {t('invitations.send')}
        </Button>
      </div>
      <span role="status" className="dim">
        {send.isSuccess ? t('invitations.sent') : ''}
      </span>
      {wrong ? null : <ProblemAlert fault={send.error} />}
    </form>
  );
}
