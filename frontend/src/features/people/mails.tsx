import { Button, Modal } from '@mantine/core';
import { infiniteQueryOptions, useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { call } from '../../api/client';
import { useTranslation } from '../../lib/i18n';
import { Badge } from '../../ui/badge';
import { Empty, Frame, MoreButton } from '../../ui/frame';
import { LocalMoment } from '../../ui/local-moment';
import { Page, Panel } from '../../ui/page';
import { ProblemAlert } from '../../ui/problem';
import { Scroll } from '../../ui/scroll';
import './people.css';

const mailsQuery = infiniteQueryOptions({
  queryKey: ['admin', 'mails'],
  queryFn: ({ pageParam, signal }) => call('get', '/admin/mails', { query: { cursor: pageParam }, signal }),
  initialPageParam: '',
  getNextPageParam: (page) => page.next_cursor ?? undefined,
  refetchInterval: 10_000,
});
const TONES = { waiting: 'plain', sent: 'good', given_up: 'bad' } as const;

/** Outgoing mail: what waits, what left, what could not; texts open one by one. */
export function MailsPage() {
  const { t } = useTranslation();
  const asked = useInfiniteQuery(mailsQuery);
  const items = asked.data?.pages.flatMap((page) => page.items) ?? [];
  const open = useMutation({
    mutationFn: (id: string) => call('get', '/admin/mails/{id}', { path: { id } }),
  });
  return (
    <Page title={t('nav.mails')} lead={t('mails.lead')}>
      <ProblemAlert fault={open.error} />
      <Frame asked={asked} rows={8}>
        {() =>
          items.length === 0 ? (
            <Empty title={t('mails.none')} hint={t('mails.noneHint')} />
          ) : (
            <>
              <Panel flush>
                <Scroll label={t('nav.mails')}>
                  <table className="grid cards">
                    <thead>
                      <tr>
                        <th scope="col">{t('mails.recipient')}</th>
                        <th scope="col">{t('mails.kind')}</th>
                        <th scope="col">{t('mails.queued')}</th>
                        <th scope="col">{t('mails.state')}</th>
                        <th scope="col" className="right">
                          {t('sessions.action')}
                        </th>
                      </tr>
                    </thead>
                    <tbody>
                      {items.map((mail) => (
                        <tr key={mail.id}>
                          <td>{mail.recipient}</td>
                          <td data-label={t('mails.kind')} className="num">
                            {t(`mail.${mail.kind}`)}
                          </td>
                          <td data-label={t('mails.queued')}>
                            <LocalMoment at={mail.created_at} />
                          </td>
                          <td data-label={t('mails.state')}>
                            <Badge tone={TONES[mail.state]} title={mail.error || undefined}>
                              {t(`mails.state.${mail.state}`)}
                            </Badge>
                          </td>
                          <td data-label={t('sessions.action')} className="right">
                            {mail.readable ? (
                              <Button
                                size="compact-sm"
                                variant="default"
                                loading={open.isPending && open.variables === mail.id}
                                onClick={() => open.mutate(mail.id)}
                              >
                                {t('mails.open')}
                              </Button>
                            ) : (
                              <span className="dim">{t('mails.wiped')}</span>
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
      {open.data ? (
        <Modal
          opened
          size="lg"
          onClose={() => open.reset()}
          title={<strong>{open.data.mail.subject}</strong>}
          closeButtonProps={{ 'aria-label': t('common.close') }}
        >
          <pre className="mail-text">{open.data.text ?? t('mails.wiped')}</pre>
        </Modal>
      ) : null}
    </Page>
  );
}
