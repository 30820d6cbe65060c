import type { OrderView } from '../../api/types';
import { useTranslation } from '../../lib/i18n';
import { Moment } from '../../ui/moment';
import { MoneyText } from '../../ui/money';
import { Panel } from '../../ui/page';
import type { Amendment } from './amendment';
import { AmendmentDiff } from './amendment-diff';

interface Detail extends Amendment {
  shipment?: number;
  days?: number;
  refund_minor?: string;
}
/** The proposal that waits for an answer, in words. */
export function Proposal({ order }: { order: OrderView }) {
  const { t } = useTranslation();
  if (!order.proposal) return null;
  const { kind, by, answer_by } = order.proposal;
  const detail = (order.proposal.detail ?? {}) as Detail;
  return (
    <Panel title={t('cockpit.proposal')}>
      <p className="tight">
        <strong>{t(`proposal.${kind}`, { defaultValue: kind })}</strong> · {t(`role.${by}`)} ·{' '}
        {t('cockpit.until')} <Moment at={answer_by} away />
      </p>
      <ul className="tight">
        {kind === 'extension' ? (
          <li>{t('proposal.says.extension', { shipment: detail.shipment, days: detail.days })}</li>
        ) : null}
        {detail.refund_minor === undefined ? null : (
          <li>
            {t('proposal.says.refund')}{' '}
            <MoneyText value={{ minor: detail.refund_minor, currency: order.total.currency }} strong />
          </li>
        )}
      </ul>
      {kind === 'amendment' ? <AmendmentDiff terms={order.terms} amendment={detail} /> : null}
    </Panel>
  );
}
