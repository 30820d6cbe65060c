import { useInfiniteQuery } from '@tanstack/react-query';
import { auditQuery } from '../../api/queries';
import { useTranslation } from '../../lib/i18n';
import { Empty, Frame, MoreButton } from '../../ui/frame';
import { useLabels } from '../../ui/labels';
import { Moment } from '../../ui/moment';
import { Page, Panel } from '../../ui/page';
import { Scroll } from '../../ui/scroll';

export function AuditPage() {
  const { t } = useTranslation();
  const labels = useLabels();
  const asked = useInfiniteQuery(auditQuery);
  const items = asked.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Page title={t('nav.audit')} lead={t('audit.lead')}>
      <Frame asked={asked} rows={10}>
        {() =>
          items.length === 0 ? (
            <Empty title={t('audit.empty')} />
          ) : (
            <>
              <Panel flush>
                <Scroll label={t('nav.audit')}>
                  <table className="grid compact cards">
                    <thead>
                      <tr>
                        <th scope="col">#</th>
                        <th scope="col">{t('history.step')}</th>
                        <th scope="col">{t('history.actor')}</th>
                        <th scope="col">{t('history.market')}</th>
                        <th scope="col">{t('history.real')}</th>
                        <th scope="col">{t('history.hash')}</th>
                      </tr>
                    </thead>
                    <tbody>
                      {items.map((event) => (
                        <tr key={event.id}>
                          <td className="num">{event.seq}</td>
                          <td data-label={t('history.step')}>
                            {t(`step.${event.step}`, { defaultValue: event.step })}
                          </td>
                          <td data-label={t('history.actor')}>{labels.actor(event)}</td>
                          <td data-label={t('history.market')}>
                            <Moment at={event.effective_at} />
                          </td>
                          <td data-label={t('history.real')}>
                            <Moment at={event.recorded_at} />
                          </td>
                          <td data-label={t('history.hash')}>
                            <code className="dim" title={event.hash}>
                              {event.hash.slice(0, 12)}
                            </code>
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
    </Page>
  );
}
