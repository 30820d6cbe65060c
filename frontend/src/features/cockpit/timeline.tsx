import type { OrderEvent, OrderView } from '../../api/types';
import { useTranslation } from '../../lib/i18n';
import { Badge } from '../../ui/badge';
import { useLabels } from '../../ui/labels';
import { Moment } from '../../ui/moment';
import { Panel } from '../../ui/page';
import { useDeadlineName, useEventName } from './use-step-name';

/** One line of time: what happened and who did it, then each deadline and whose it is. */
export function Timeline({ order, events }: { order: OrderView; events: OrderEvent[] }) {
  const { t } = useTranslation();
  const named = useDeadlineName();
  const labels = useLabels();
  const eventName = useEventName();
  const past = events.slice(-8);
  const coming = [...order.deadlines].sort((a, b) => a.due.localeCompare(b.due));
  return (
    <Panel title={t('cockpit.timeline')}>
      <ol className="timeline">
        {past.map((event) => (
          <li key={event.id} className="past">
            <span>{eventName(event)}</span>
            <span className="dim small">
              <Moment at={event.effective_at} /> · {labels.actor(event)}
            </span>
          </li>
        ))}
        {coming.map((deadline, i) => (
          <li key={`${deadline.step}-${deadline.part}`} className={i === 0 ? 'coming first' : 'coming'}>
            <span className="row">
              {named(deadline.step, deadline.part)}
              <Badge tone={deadline.owner === order.my_side ? 'warn' : 'plain'}>
                {deadline.owner === order.my_side ? t('cockpit.you') : t(`role.${deadline.owner}`)}
              </Badge>
            </span>
            <span className="dim small">
              <Moment at={deadline.due} away />
            </span>
          </li>
        ))}
      </ol>
      {past.length + coming.length === 0 ? <p className="dim tight">{t('cockpit.noTimeline')}</p> : null}
    </Panel>
  );
}
