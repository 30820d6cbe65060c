import type { OrderView } from '../../api/types';
import { useTranslation } from '../../lib/i18n';
import { Moment } from '../../ui/moment';
import { useNames } from '../../ui/names';

/** What is kept of the seller's ready stock for this order, and until when; or that the first payment will keep it. */
export function Reservation({ order }: { order: OrderView }) {
  const { t } = useTranslation();
  const names = useNames();
  const kept = order.reservation;
  if (kept) {
    const goods = kept.goods
      .map((one) => `${names.quantity(one.quantity)} ${names.unit(one.unit)} ${one.sku}`.trim())
      .join(', ');
    return (
      <p className="notice" role="status" data-testid="reservation">
        <strong>
          {t(order.my_side === 'buyer' ? 'stock.reservedForYou' : 'stock.reservedForBuyer')}{' '}
          <Moment at={kept.until} away />
        </strong>
        {t('stock.reservedGoods', { goods })}
      </p>
    );
  }
  const waits = order.status === 'agreed' && order.terms.lines.some((line) => line.from_stock);
  if (!waits) return null;
  return (
    <p className="notice" role="status" data-testid="reservation">
      {t('stock.notYet')}
    </p>
  );
}
