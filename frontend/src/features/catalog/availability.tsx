import type { Product } from '../../api/types';
import { useTranslation } from '../../lib/i18n';
import { parseQuantity } from '../../lib/ladder';
import { useNames } from '../../ui/names';

/** What can be had now: what lies ready and is free at this moment, or how long making it takes. */
export function Availability({ product }: { product: Product }) {
  const { t } = useTranslation();
  const names = useNames();
  const { available, capacity, lead_days: days } = product;
  const unit = names.unit(product.unit);
  if (available !== null) {
    return (
      <span data-testid="availability">
        {available === '0'
          ? t('stock.none', { days })
          : t('stock.available', { quantity: names.quantity(available), unit, days })}
      </span>
    );
  }
  return (
    <span data-testid="availability">
      {t('stock.made', { days })}
      {capacity === null ? null : `; ${t('stock.capacity', { quantity: names.quantity(capacity), unit })}`}
    </span>
  );
}

/** Says that a typed quantity is more than lies ready. */
export function Shortage({ product, typed }: { product: Product; typed: bigint | null }) {
  const { t } = useTranslation();
  const names = useNames();
  const free = product.available === null ? null : parseQuantity(product.available);
  if (typed === null || free === null || typed <= free) return null;
  const words = { quantity: names.quantity(product.available ?? '0'), unit: names.unit(product.unit) };
  return (
    <p className="notice" role="status" data-testid="shortage">
      {t('stock.less', words)}
    </p>
  );
}
