import { Button } from '@mantine/core';
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { call } from '../../api/client';
import { useTranslation } from '../../lib/i18n';
import { Badge } from '../../ui/badge';
import { Frame } from '../../ui/frame';
import { LocalMoment } from '../../ui/local-moment';
import { Panel } from '../../ui/page';
import { ProblemAlert } from '../../ui/problem';
import { Scroll } from '../../ui/scroll';

const sessionsQuery = queryOptions({
  queryKey: ['sessions'],
  queryFn: ({ signal }) => call('get', '/auth/sessions', { signal }),
});

/** Browser and system out of the client's long name. */
function shortName(agent: string): string {
  const browser = /(Edg|OPR|Firefox|Chrome|Safari)/.exec(agent)?.[1] ?? '';
  const system = /(Windows|Android|iPhone|iPad|Mac OS X|Linux)/.exec(agent)?.[1] ?? '';
  const name = { Edg: 'Edge', OPR: 'Opera' }[browser] ?? browser;
  return [name, system].filter(Boolean).join(' · ') || agent.slice(0, 40) || '—';
}

/** Where the user is signed in; each session can be ended, or all at once. */
export function Sessions() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const asked = useQuery(sessionsQuery);
  const end = useMutation({
    mutationFn: (id: string) => call('delete', '/auth/sessions/{id}', { path: { id } }),
    onSettled: () => client.invalidateQueries({ queryKey: sessionsQuery.queryKey }),
  });
  const everywhere = useMutation({
    mutationFn: () => call('post', '/auth/sign-out-everywhere'),
    onSuccess: () => {
      client.clear();
      void navigate({ to: '/sign-in', search: {} });
    },
  });
  return (
    <Panel
      flush
      title={t('sessions.title')}
      aside={
        <Button
          size="xs"
          variant="default"
          loading={everywhere.isPending}
          onClick={() => everywhere.mutate()}
        >
          {t('sessions.everywhere')}
        </Button>
      }
    >
      <ProblemAlert fault={end.error ?? everywhere.error} />
      <Frame asked={asked} rows={3}>
        {({ items }) => (
          <Scroll label={t('sessions.title')}>
            <table className="grid cards">
              <thead>
                <tr>
                  <th scope="col">{t('sessions.client')}</th>
                  <th scope="col">{t('sessions.network')}</th>
                  <th scope="col">{t('sessions.began')}</th>
                  <th scope="col">{t('sessions.used')}</th>
                  <th scope="col" className="right">
                    {t('sessions.action')}
                  </th>
                </tr>
              </thead>
              <tbody>
                {items.map((session) => (
                  <tr key={session.id}>
                    <td title={session.agent}>{shortName(session.agent)}</td>
                    <td data-label={t('sessions.network')} className="num">
                      {session.network}
                    </td>
                    <td data-label={t('sessions.began')}>
                      <LocalMoment at={session.created_at} />
                    </td>
                    <td data-label={t('sessions.used')}>
                      <LocalMoment at={session.used_at} />
                    </td>
                    <td data-label={t('sessions.action')} className="right">
                      {session.current ? (
                        <Badge tone="accent">{t('sessions.current')}</Badge>
                      ) : (
                        <Button
                          size="compact-sm"
                          variant="default"
                          loading={end.isPending && end.variables === session.id}
                          onClick={() => end.mutate(session.id)}
                        >
                          {t('sessions.end')}
                        </Button>
                      )}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </Scroll>
        )}
      </Frame>
    </Panel>
  );
}
