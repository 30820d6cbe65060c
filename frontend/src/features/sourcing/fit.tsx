import type { MatchReason } from '../../api/types';
import { useTranslation } from '../../lib/i18n';
import { Badge } from '../../ui/badge';
import './sourcing.css';

/** How well goods fit a request; the reasons open below the score. */
export function Fit({ score, reasons }: { score: number; reasons: MatchReason[] }) {
  const { t } = useTranslation();
  return (
    <details className="fit">
      <summary>
        <Badge tone={score >= 75 ? 'good' : 'plain'}>{t('rfq.score', { score })}</Badge>
      </summary>
      <ul className="tight small">
        {reasons.map((reason) => (
          <li key={`${reason.line}-${reason.kind}`}>
            {t('draft.lineNo', { no: reason.line })}: {t(`rfq.reason.${reason.kind}`)}{' '}
            <span className="dim num">+{reason.points}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}
