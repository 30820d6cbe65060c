import { Button } from '@mantine/core';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { call } from '../../api/client';
import { noticesQuery } from '../../api/notices';
import { useTranslation } from '../../lib/i18n';
import { Empty, Frame, MoreButton } from '../../ui/frame';
import { Page } from '../../ui/page';
import { ProblemAlert } from '../../ui/problem';
import { Told } from './told';
import './notices.css';

const route = getRouteApi('/shell/notices');

/** What the reader is told, the newest first. */
export function NoticesPage() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const unread = route.useSearch().unread === true;
  const asked = useInfiniteQuery(noticesQuery(unread));
  const items = asked.data?.pages.flatMap((page) => page.items) ?? [];
  const again = () => client.invalidateQueries({ queryKey: ['notices'] });
  const newest = items[0]?.place;
  const read = useMutation({
    mutationFn: (through: string) => call('post', '/notices/read', { body: { through } }),
    onSuccess: again,
  });
  return (
    <Page
      title={t('notices.title')}
      lead={t('notices.lead')}
      actions={
        <>
          <Button
            variant="default"
            loading={read.isPending}
            disabled={!newest || items.every((one) => one.read)}
            onClick={() => (newest ? read.mutate(newest) : undefined)}
            data-testid="read-all"
          >
            {t('notices.readAll')}
          </Button>
          <Button variant="default" renderRoot={(rest) => <Link to="/notices/choices" {...rest} />}>
            {t('notices.choose')}
          </Button>
        </>
      }
    >
      <ProblemAlert fault={read.error} />
      <section className="panel flush" aria-label={t('notices.title')}>
        <div className="row notices-bar">
          {([false, true] as const).map((only) => (
            <Link
              key={String(only)}
              to="/notices"
              search={{ unread: only || undefined }}
              className={only === unread ? 'chip on' : 'chip'}
              aria-current={only === unread ? 'true' : undefined}
            >
              {only ? t('notices.unread') : t('notices.all')}
            </Link>
          ))}
        </div>
        <Frame asked={asked} rows={8}>
          {() =>
            items.length === 0 ? (
              <Empty
                title={unread ? t('notices.noneUnread') : t('notices.none')}
                hint={t('notices.noneHint')}
              />
            ) : (
              <ul className="notices">
                {items.map((notice) => (
                  <li key={notice.id}>
                    <Told notice={notice} />
                  </li>
                ))}
              </ul>
            )
          }
        </Frame>
        <MoreButton asked={asked} />
      </section>
    </Page>
  );
}
