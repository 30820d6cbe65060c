import type { QuoteVersion, Rfq } from '../../api/types';
import { useTranslation } from '../../lib/i18n';
import { useNames } from '../../ui/names';

/** What a version offers, to read where nothing can be changed any more. */
export function Quoted({ rfq, version }: { rfq: Rfq; version: QuoteVersion }) {
  const { t } = useTranslation();
  const names = useNames();
  return (
    <>
      <ul className="effect">
        {version.lines.map((line) => (
          <li key={line.line}>
            <span>
              {line.line}. {rfq.goods.find((one) => one.line === line.line)?.title}
            </span>
            <span className="num">
              {line.ladder
                .map((rung) => `${names.quantity(rung.from_quantity)}+: ${names.quantity(rung.unit_price)}`)
                .join('; ')}{' '}
              <span className="dim">{rfq.currency}</span>
            </span>
          </li>
        ))}
      </ul>
      <p className="tight dim">
        {names.incoterm(version.incoterm)} · {t('product.days', { days: version.lead_days })}
      </p>
      {version.note ? <p className="tight">{version.note}</p> : null}
    </>
  );
}
