import { Button } from '@mantine/core';
import { infiniteQueryOptions, useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../../api/client';
import type { PersonView as Person } from '../../api/types';
import { useTranslation } from '../../lib/i18n';
import { Badge } from '../../ui/badge';
import { Empty, Frame, MoreButton } from '../../ui/frame';
import { Page, Panel } from '../../ui/page';
import { ProblemAlert } from '../../ui/problem';
import { Scroll } from '../../ui/scroll';
import { CloseAccount } from './close-account';

const peopleQuery = infiniteQueryOptions({
  queryKey: ['admin', 'users'],
  queryFn: ({ pageParam, signal }) => call('get', '/admin/users', { query: { cursor: pageParam }, signal }),
  initialPageParam: '',
  getNextPageParam: (page) => page.next_cursor ?? undefined,
});

/** The users of the market; an admin closes accounts and opens them again. */
export function UsersPage() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const asked = useInfiniteQuery(peopleQuery);
  const items = asked.data?.pages.flatMap((page) => page.items) ?? [];
  const [closing, setClosing] = useState<Person | null>(null);
  const turn = useMutation({
    mutationFn: ({ id, disabled }: Person) =>
      call('post', disabled ? '/admin/users/{id}/enable' : '/admin/users/{id}/disable', { path: { id } }),
    onSettled: () => client.invalidateQueries({ queryKey: peopleQuery.queryKey }),
  });
  return (
    <Page title={t('nav.users')} lead={t('users.lead')}>
      <ProblemAlert fault={turn.error} />
      <Frame asked={asked} rows={8}>
        {() =>
          items.length === 0 ? (
            <Empty title={t('users.none')} />
          ) : (
            <>
              <Panel flush>
                <Scroll label={t('nav.users')}>
                  <table className="grid cards">
                    <thead>
                      <tr>
                        <th scope="col">{t('team.name')}</th>
                        <th scope="col">{t('field.email')}</th>
                        <th scope="col">{t('factor.title')}</th>
                        <th scope="col">{t('users.account')}</th>
                        <th scope="col" className="right">
                          {t('sessions.action')}
                        </th>
                      </tr>
                    </thead>
                    <tbody>
                      {items.map((person) => (
                        <tr key={person.id}>
                          <td>{person.name}</td>
                          <td data-label={t('field.email')}>
                            {person.email}{' '}
                            <span className="dim">
                              {person.email_verified ? '' : `(${t('security.unverified')})`}
                            </span>
                          </td>
                          <td data-label={t('factor.title')}>
                            {t(person.second_factor ? 'factor.on' : 'factor.off')}
                          </td>
                          <td data-label={t('users.account')}>
                            <Badge tone={person.disabled ? 'bad' : 'good'}>
                              {t(person.disabled ? 'users.closed' : 'users.open')}
                            </Badge>
                          </td>
                          <td data-label={t('sessions.action')} className="right">
                            {person.own ? null : (
                              <Button
                                size="compact-sm"
                                variant={person.disabled ? 'default' : 'subtle'}
                                color={person.disabled ? undefined : 'red'}
                                loading={turn.isPending && turn.variables.id === person.id}
                                onClick={() => (person.disabled ? turn.mutate(person) : setClosing(person))}
                              >
                                {t(person.disabled ? 'users.enable' : 'users.disable')}
                              </Button>
                            )}
                          </td>
                        </tr>
                      ))}
                    </tbody>
                  </table>
                </Scroll>
              </Panel>
              <MoreButton asked={asked} />
            </>
          )
        }
      </Frame>
      {closing ? (
        <CloseAccount
          person={closing}
          onClose={() => setClosing(null)}
          onSure={() => {
            turn.mutate(closing);
            setClosing(null);
          }}
        />
      ) : null}
    </Page>
  );
}
