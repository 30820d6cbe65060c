import type { Money } from '../api/types';
import { useTranslation } from '../lib/i18n';
import { formatMinor } from '../lib/money';
import { useLocale } from './use-locale';

/** An exact amount with its currency, in tabular figures. */
export function MoneyText({
  value,
  strong,
  sign,
}: {
  value: Money | null;
  strong?: boolean;
  sign?: '+' | '−';
}) {
  const locale = useLocale();
  const { t } = useTranslation();
  if (!value) return <span title={t('common.none')}>—</span>;
  return (
    <span className={strong ? 'num money strong' : 'num money'}>
      {sign}
      <span className="currency">{value.currency}</span>
      {'\u00a0'}
      {formatMinor(value.minor, value.currency, locale)}
    </span>
  );
}
