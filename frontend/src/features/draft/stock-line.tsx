import { Checkbox } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { productQuery } from '../../api/queries';
import type { TermsLine } from '../../api/types';
import { useTranslation } from '../../lib/i18n';
import { parseQuantity } from '../../lib/ladder';
import { useNames } from '../../ui/names';

/** Whether a line comes out of the product's ready stock; nothing where there is none. */
export function StockLine({ line, onLine }: { line: TermsLine; onLine: (part: Partial<TermsLine>) => void }) {
  const { t } = useTranslation();
  const names = useNames();
  const { data: product } = useQuery({
    ...productQuery(line.product ?? ''),
    enabled: line.product !== null,
  });
  if (!product || product.available === null || product.unit !== line.unit) return null;
  const taken = line.from_stock ?? true;
  const free = { quantity: names.quantity(product.available), unit: names.unit(product.unit) };
  const short = (parseQuantity(line.quantity) ?? 0n) > (parseQuantity(product.available) ?? 0n);
  return (
    <Checkbox
      className="line-stock"
      label={t('stock.takeReady', free)}
      description={taken ? t(short ? 'stock.takeShort' : 'stock.takeHint') : t('stock.takeNot')}
      checked={taken}
      onChange={(event) => onLine({ from_stock: event.currentTarget.checked })}
    />
  );
}
