import type { OrderView, ShipmentView, StageView } from '../../api/types';
import { useTranslation } from '../../lib/i18n';
import { StatusBadge } from '../../ui/badge';
import { Moment } from '../../ui/moment';
import { MoneyText } from '../../ui/money';
import { useNames } from '../../ui/names';
import { Panel } from '../../ui/page';

function Stage({ stage }: { stage: StageView }) {
  const { t } = useTranslation();
  return (
    <li>
      <div className="row between">
        <strong>
          {stage.no}. {t(`stage.${stage.kind}`)}{' '}
          {stage.shipment ? (
            <span className="dim">· {t('draft.shipmentNo', { no: stage.shipment })}</span>
          ) : null}
        </strong>
        <StatusBadge status={stage.state} />
      </div>
      <div className="row between">
        <span className="dim small">
          {t(`trigger.${stage.trigger}`)}
          {stage.funded_at ? (
            <>
              {' · '}
              {t('cockpit.fundedOn')} <Moment at={stage.funded_at} date />
            </>
          ) : stage.due_at ? (
            <>
              {' · '}
              {t('cockpit.dueBy')} <Moment at={stage.due_at} away />
            </>
          ) : null}
        </span>
        <MoneyText value={stage.amount} strong />
      </div>
    </li>
  );
}

function Shipment({ shipment, order }: { shipment: ShipmentView; order: OrderView }) {
  const { t } = useTranslation();
  const names = useNames();
  const goods = order.terms.lines
    .map((line, i) => `${names.quantity(shipment.quantities?.[i] ?? '0')} ${names.unit(line.unit)}`)
    .join(', ');
  return (
    <li>
      <div className="row between">
        <strong>{t('draft.shipmentNo', { no: shipment.no })}</strong>
        <StatusBadge status={shipment.state} />
      </div>
      <div className="row between">
        <span className="dim small">
          {goods} ·{' '}
          {shipment.delivered_at
            ? t('cockpit.deliveredOn')
            : shipment.eta
              ? t('cockpit.eta')
              : t('draft.shipBy')}{' '}
          <Moment at={shipment.delivered_at ?? shipment.eta ?? shipment.ship_by} date />
        </span>
        <MoneyText value={shipment.value} strong />
      </div>
      {shipment.carrier ? (
        <div className="small">
          {shipment.carrier} <code>{shipment.tracking_no}</code>
        </div>
      ) : null}
      {shipment.milestones.length > 0 ? (
        <ol className="milestones">
          {shipment.milestones.map((m) => (
            <li key={m.milestone}>
              {t(`milestone.${m.milestone}`, { defaultValue: m.milestone })} <Moment at={m.at} date />
            </li>
          ))}
        </ol>
      ) : null}
      {shipment.documents.length > 0 ? (
        <div className="small dim">{t('cockpit.documents', { names: shipment.documents.join(', ') })}</div>
      ) : null}
      {shipment.accept_by && !shipment.accepted_at ? (
        <div className="small">
          {t('cockpit.acceptBy')} <Moment at={shipment.accept_by} away />
        </div>
      ) : null}
    </li>
  );
}

export function StagesAndShipments({ order }: { order: OrderView }) {
  const { t } = useTranslation();
  return (
    <div className="cols wide">
      <Panel title={t('draft.stages')}>
        <ul className="parts">
          {order.stages.map((stage) => (
            <Stage key={stage.no} stage={stage} />
          ))}
        </ul>
      </Panel>
      <Panel title={t('draft.shipments')}>
        <ul className="parts">
          {order.shipments.map((shipment) => (
            <Shipment key={shipment.no} shipment={shipment} order={order} />
          ))}
        </ul>
      </Panel>
    </div>
  );
}
