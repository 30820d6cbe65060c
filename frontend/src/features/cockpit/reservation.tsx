import type { ActionView, OrderView } from '../../api/types';
import { useTranslation } from '../../lib/i18n';
import { Moment } from '../../ui/moment';
import { useNames } from '../../ui/names';
import { useProblemText } from '../../ui/problem';

/** What is kept of the seller's ready stock for this order, and until when; or that the first payment will keep it, or cannot. */
export function Reservation({ order, actions }: { order: OrderView; actions: ActionView[] }) {
  const { t } = useTranslation();
  const { say } = useProblemText();
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
  const short = actions.find((action) => action.refusal?.code === 'trade.out_of_stock')?.refusal;
  if (short) {
    return (
      <p className="notice" role="status" data-testid="reservation">
        <strong>{say(short)}</strong>
        {t('next.trade.out_of_stock')}
      </p>
    );
  }
  return (
    <p className="notice" role="status" data-testid="reservation">
      {t('stock.notYet')}
    </p>
  );
}
