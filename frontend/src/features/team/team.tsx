import { Button, Modal, NativeSelect } from '@mantine/core';
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../../api/client';
import type { MemberView as Member, Role } from '../../api/types';
import { useTranslation } from '../../lib/i18n';
import { Badge } from '../../ui/badge';
import { Frame } from '../../ui/frame';
import { Page, Panel } from '../../ui/page';
import { ProblemAlert } from '../../ui/problem';
import { Scroll } from '../../ui/scroll';
import { Invitations } from './invitations';

const teamQuery = queryOptions({
  queryKey: ['team'],
  queryFn: ({ signal }) => call('get', '/team', { signal }),
});

/** Who works here, in which role; owners and admins invite, change roles and take seats away. */
export function TeamPage() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const asked = useQuery(teamQuery);
  const [leaving, setLeaving] = useState<Member | null>(null);
  const again = () => client.invalidateQueries({ queryKey: teamQuery.queryKey });
  const change = useMutation({
    mutationFn: ({ seat, role }: { seat: string; role: Role }) =>
      call('post', '/team/{seat}/role', { path: { seat }, body: { role } }),
    onSettled: again,
  });
  return (
    <Page title={t('nav.team')} lead={t('team.lead')}>
      <Frame asked={asked} rows={4}>
        {({ items, grantable }) => (
          <>
            <ProblemAlert fault={change.error} />
            <Panel flush title={t('team.members')}>
              <Scroll label={t('team.members')}>
                <table className="grid cards">
                  <thead>
                    <tr>
                      <th scope="col">{t('team.name')}</th>
                      <th scope="col">{t('field.email')}</th>
                      <th scope="col">{t('team.role')}</th>
                      <th scope="col">{t('factor.title')}</th>
                      <th scope="col" className="right">
                        {t('sessions.action')}
                      </th>
                    </tr>
                  </thead>
                  <tbody>
                    {items.map((member) => (
                      <tr key={member.seat_id}>
                        <td>
                          {member.name} {member.own ? <Badge tone="accent">{t('team.you')}</Badge> : null}
                        </td>
                        <td data-label={t('field.email')}>{member.email}</td>
                        <td data-label={t('team.role')}>
                          {grantable.length === 0 || member.own ? (
                            t(`role.${member.role}`)
                          ) : (
                            <NativeSelect
                              size="xs"
                              aria-label={t('team.roleOf', { name: member.name })}
                              value={member.role}
                              disabled={change.isPending}
                              onChange={(event) =>
                                change.mutate({
                                  seat: member.seat_id,
                                  role: event.currentTarget.value as Role,
                                })
                              }
                              data={grantable.map((role) => ({ value: role, label: t(`role.${role}`) }))}
                            />
                          )}
                        </td>
                        <td data-label={t('factor.title')}>
                          {t(member.second_factor ? 'factor.on' : 'factor.off')}
                        </td>
                        <td data-label={t('sessions.action')} className="right">
                          {grantable.length === 0 || member.own ? null : (
                            <Button
                              size="compact-sm"
                              variant="subtle"
                              color="red"
                              onClick={() => setLeaving(member)}
                            >
                              {t('team.deactivate')}
                            </Button>
                          )}
                        </td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </Scroll>
            </Panel>
            {grantable.length > 0 ? <Invitations grantable={grantable} /> : null}
            {leaving ? <Leave member={leaving} onDone={() => setLeaving(null)} onSettled={again} /> : null}
          </>
        )}
      </Frame>
    </Page>
  );
}

/** Names the consequence before a seat is taken away. */
function Leave({
  member,
  onDone,
  onSettled,
}: {
  member: Member;
  onDone: () => void;
  onSettled: () => unknown;
}) {
  const { t } = useTranslation();
  const leave = useMutation({
    mutationFn: () => call('post', '/team/{seat}/deactivate', { path: { seat: member.seat_id } }),
    onSuccess: onDone,
    onSettled,
  });
  return (
    <Modal
      opened
      onClose={onDone}
      title={<strong>{t('team.deactivate')}</strong>}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <div className="stack">
        <p className="tight">{t('team.deactivateHint', { name: member.name })}</p>
        <ProblemAlert fault={leave.error} />
        <div className="row end">
          <Button variant="default" onClick={onDone}>
            {t('common.cancel')}
          </Button>
          <Button color="red" loading={leave.isPending} onClick={() => leave.mutate()}>
            {t('team.deactivate')}
          </Button>
        </div>
      </div>
    </Modal>
  );
}
