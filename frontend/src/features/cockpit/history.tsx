import { useQuery } from '@tanstack/react-query';
import { orderEventsQuery, orderJournalsQuery } from '../../api/queries';
import { useTranslation } from '../../lib/i18n';
import { Empty, Frame } from '../../ui/frame';
import { JournalTable } from '../../ui/journal';
import { useLabels } from '../../ui/labels';
import { Moment } from '../../ui/moment';
import { Panel } from '../../ui/page';
import { Scroll } from '../../ui/scroll';
import { useEventName } from './use-step-name';

/** Each recorded step, chained by its hash. */
export function History({ id }: { id: string }) {
  const { t } = useTranslation();
  const eventName = useEventName();
  const labels = useLabels();
  const asked = useQuery(orderEventsQuery(id));
  return (
    <Panel title={t('cockpit.history')} flush>
      <Frame asked={asked}>
        {(page) => (
          <Scroll label={t('cockpit.history')}>
            <table className="grid cards">
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
                {page.items.map((event) => (
                  <tr key={event.id}>
                    <td className="num">{event.seq}</td>
                    <td data-label={t('history.step')}>{eventName(event)}</td>
                    <td data-label={t('history.actor')}>{labels.actor(event)}</td>
                    <td data-label={t('history.market')}>
                      <Moment at={event.effective_at} />
                    </td>
                    <td data-label={t('history.real')}>
                      <Moment at={event.recorded_at} />
                    </td>
                    <td data-label={t('history.hash')}>
                      <code className="dim" title={event.hash ?? undefined}>
                        {(event.hash ?? '').slice(0, 12)}
                      </code>
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

export function Ledger({ id }: { id: string }) {
  const { t } = useTranslation();
  const labels = useLabels();
  const asked = useQuery(orderJournalsQuery(id));
  return (
    <Frame asked={asked}>
      {(page) =>
        page.items.length === 0 ? (
          <Empty title={t('ledger.empty')} hint={t('ledger.emptyHint')} />
        ) : (
          page.items.map((journal) => (
            <Panel
              key={`${journal.event_id}-${journal.rule}-${journal.lines[0]?.account}`}
              title={`${labels.posting(journal.rule)} · ${t('ledger.rule', { rule: journal.rule })}`}
              aside={<Moment at={journal.at} />}
            >
              <JournalTable journals={[journal]} />
            </Panel>
          ))
        )
      }
    </Frame>
  );
}
