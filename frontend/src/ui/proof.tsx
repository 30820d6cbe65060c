import { useQuery } from '@tanstack/react-query';
import { companyProofsQuery, companyRecordQuery } from '../api/proofs';
import type { ProofBadge as Proof, SupplierRecord } from '../api/types';
import { formatMoment } from '../lib/dates';
import { useTranslation } from '../lib/i18n';
import { Badge, type Tone } from './badge';
import { LevelBadge } from './level-badge';
import { Moment } from './moment';
import { useLocale } from './use-locale';
import './proof.css';

/** The level of a company by its identifier. */
export function LevelOf({ company }: { company: string }) {
  const { data } = useQuery(companyProofsQuery(company));
  return data ? <LevelBadge level={data.level} /> : null;
}

/** A last day as the market counts it: over at 24:00. */
export function LastDay({ day }: { day: string | null }) {
  const { t } = useTranslation();
  const locale = useLocale();
  if (!day) return <span>—</span>;
  return (
    <time dateTime={day} className="num" title={t('proof.endsAt24')}>
      {formatMoment(day, locale, 'UTC', false)}
    </time>
  );
}

export const STATE_TONES: Record<string, Tone> = {
  submitted: 'accent',
  more_asked: 'warn',
  confirmed: 'good',
  refused: 'bad',
  expired: 'bad',
  withdrawn: 'plain',
  replaced: 'plain',
};

/** What was checked, by whom, when, until when, and what it does not prove. */
export function ProofCard({ proof }: { proof: Proof }) {
  const { t } = useTranslation();
  const valid = proof.state === 'confirmed';
  return (
    <li className="proof" data-testid="proof-badge" data-kind={proof.kind} data-state={proof.state}>
      <div className="row between">
        <strong>{t(`proof.kind.${proof.kind}`)}</strong>
        <Badge tone={valid ? 'good' : 'bad'}>{t(valid ? 'proof.valid' : 'proof.state.expired')}</Badge>
      </div>
      <p className="tight">
        {proof.statement}
        {proof.number ? <span className="dim num"> · {proof.number}</span> : null}
        {proof.issuer ? <span className="dim"> · {proof.issuer}</span> : null}
      </p>
      <p className="tight small dim">
        {t('proof.checkedBy', { name: proof.checked_by || t('role.admin') })}{' '}
        <Moment at={proof.checked_at} date /> · {t(valid ? 'proof.until' : 'proof.wasUntil')}{' '}
        <LastDay day={proof.valid_until} />
      </p>
      <p className="tight small">{t(`proof.proves.${proof.kind}`)}</p>
      <p className="tight small not-proved">
        <strong>{t('proof.doesNotProve')}</strong> {t(`proof.not.${proof.kind}`)}
      </p>
    </li>
  );
}

/** A supplier's valid proofs in one line, each with its meaning on hover. */
export function ProofLine({ company }: { company: string }) {
  const { t } = useTranslation();
  const { data } = useQuery(companyProofsQuery(company));
  if (!data) return <span>—</span>;
  const valid = data.proofs.filter((proof) => proof.state === 'confirmed');
  return (
    <span className="proof-line">
      <LevelBadge level={data.level} />
      {valid.map((proof) => (
        <Badge
          key={`${proof.kind}${proof.number}`}
          title={`${t(`proof.proves.${proof.kind}`)} ${t('proof.doesNotProve')} ${t(`proof.not.${proof.kind}`)} ${t('proof.until')} ${proof.valid_until ?? ''}`}
        >
          {t(`proof.kind.${proof.kind}`)}
        </Badge>
      ))}
    </span>
  );
}

/** How punctual a seller was, in one line, or why nothing can be said. */
export function useOnTimeText() {
  const { t } = useTranslation();
  return ({ record, era }: SupplierRecord): string => {
    if (!record) return t('record.notInEra', { era });
    if (record.on_time_bps === null) return t('record.none', { count: record.shipments });
    return t('record.onTimeOf', {
      percent: Math.floor(record.on_time_bps / 100),
      count: record.shipments,
    });
  };
}

export function OnTime({ company }: { company: string }) {
  const { t } = useTranslation();
  const say = useOnTimeText();
  const { data } = useQuery(companyRecordQuery(company));
  return (
    <span title={t('record.means')} data-testid="on-time">
      {data ? say(data) : '—'}
    </span>
  );
}
