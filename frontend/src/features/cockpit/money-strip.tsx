import type { OrderView } from '../../api/types';
import { useTranslation } from '../../lib/i18n';
import { MoneyText } from '../../ui/money';

/** Where the money of the order is: held, released, refunded, and what is still to be paid. */
export function MoneyStrip({ order }: { order: OrderView }) {
  const { t } = useTranslation();
  const { paid, held, released, refunded } = order.money;
  const total = BigInt(order.total.minor);
  const width = (minor: string) => `${total > 0n ? Number((BigInt(minor) * 10000n) / total) / 100 : 0}%`;
  const parts = [
    { name: 'held', value: held },
    { name: 'released', value: released },
    { name: 'refunded', value: refunded },
  ] as const;
  const open = total - BigInt(paid.minor);
  return (
    <section className="panel" aria-label={t('money.strip')}>
      <div className="strip" aria-hidden="true">
        {parts.map((part) =>
          BigInt(part.value.minor) > 0n ? (
            <span key={part.name} className={part.name} style={{ width: width(part.value.minor) }} />
          ) : null,
        )}
      </div>
      <dl className="strip-legend">
        <div>
          <dt>{t('money.total')}</dt>
          <dd>
            <MoneyText value={order.total} strong />
          </dd>
        </div>
        <div>
          <dt>{t('money.paid')}</dt>
          <dd>
            <MoneyText value={paid} strong />
          </dd>
        </div>
        {parts.map((part) => (
          <div key={part.name}>
            <dt>
              <i className={`dot ${part.name}`} aria-hidden="true" /> {t(`money.${part.name}`)}
            </dt>
            <dd>
              <MoneyText value={part.value} strong />
            </dd>
          </div>
        ))}
        <div>
          <dt>
            <i className="dot" aria-hidden="true" /> {t('money.open')}
          </dt>
          <dd>
            <MoneyText
              value={{ minor: (open > 0n ? open : 0n).toString(), currency: order.total.currency }}
              strong
            />
          </dd>
        </div>
      </dl>
    </section>
  );
}
