import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { call } from '../../api/client';
import { useIntent } from '../../api/intent';
import { ownProofsQuery } from '../../api/proofs';
import { meQuery } from '../../api/queries';
import type { OwnProofs, ProofKind, ProofView } from '../../api/types';
import { useTranslation } from '../../lib/i18n';
import { Badge } from '../../ui/badge';
import { FileList } from '../../ui/choose-files';
import { Frame } from '../../ui/frame';
import { LevelBadge } from '../../ui/level-badge';
import { Moment } from '../../ui/moment';
import { MoneyText } from '../../ui/money';
import { Page, Panel } from '../../ui/page';
import { ProblemAlert } from '../../ui/problem';
import { LastDay, STATE_TONES } from '../../ui/proof';
import { ClaimForm } from './claim-form';

const KINDS = [
  'business_licence',
  'legal_representative',
  'bank_account',
  'site_visit',
  'export_registration',
  'quality_certificate',
] as const;
const OPEN = ['submitted', 'more_asked'];

/** The company's checklist: where it stands, what the next level demands, and every claim with its state. */
export function ProofPage() {
  const { t } = useTranslation();
  const asked = useQuery(ownProofsQuery);
  const { data: me } = useQuery(meQuery);
  const company = me?.seat.company?.id;
  return (
    <Page
      title={t('nav.proof')}
      lead={t('proof.lead')}
      actions={
        company ? (
          <Link to="/companies/$id" params={{ id: company }}>
            {t('proof.asOthersSee')}
          </Link>
        ) : null
      }
    >
      <Frame asked={asked}>{(own) => <Desk own={own} />}</Frame>
    </Page>
  );
}

function Desk({ own }: { own: OwnProofs }) {
  const { t } = useTranslation();
  const [writing, setWriting] = useState<{ kind: ProofKind; asked?: ProofView } | null>(null);
  return (
    <div className="split">
      <Panel title={t('proof.checklist')}>
        <ul className="check-list">
          {KINDS.map((kind) => (
            <Entry key={kind} kind={kind} own={own} write={(asked) => setWriting({ kind, asked })} />
          ))}
        </ul>
      </Panel>
      <div className="stack">
        <Standing own={own} />
        <Levels level={own.level} />
      </div>
      {writing ? (
        <ClaimForm
          key={`${writing.kind}${writing.asked?.id ?? ''}`}
          kind={writing.kind}
          asked={writing.asked}
          onClose={() => setWriting(null)}
        />
      ) : null}
    </div>
  );
}

function Standing({ own }: { own: OwnProofs }) {
  const { t } = useTranslation();
  return (
    <Panel title={t('proof.standing')} aside={<LevelBadge level={own.level} />}>
      <dl className="facts">
        <dt>{t('proof.levelNow')}</dt>
        <dd className="num">{own.level} / 3</dd>
        <dt>{t('proof.cap')}</dt>
        <dd>
          <MoneyText value={own.cap} />
        </dd>
        <dt>{t('proof.limitUnrated')}</dt>
        <dd>
          <MoneyText value={own.limit_unrated} />
        </dd>
      </dl>
      {own.missing.length > 0 ? (
        <p className="tight" data-testid="missing">
          {t('proof.missing', { level: own.level + 1 })}{' '}
          <strong>{own.missing.map((kind) => t(`proof.kind.${kind}`)).join(', ')}</strong>
        </p>
      ) : (
        <p className="dim tight">{t('proof.highest')}</p>
      )}
    </Panel>
  );
}

function Levels({ level }: { level: number }) {
  const { t } = useTranslation();
  return (
    <Panel title={t('proof.levels')}>
      <ol className="ladder-of-levels">
        {[0, 1, 2, 3].map((one) => (
          <li key={one} aria-current={one === level ? 'true' : undefined}>
            <strong>
              {one} · {t(`products.verified.${one}`)}
            </strong>
            <div className="dim">{t(`proof.levelMeans.${one}`)}</div>
          </li>
        ))}
      </ol>
    </Panel>
  );
}

function Entry({
  kind,
  own,
  write,
}: {
  kind: ProofKind;
  own: OwnProofs;
  write: (asked?: ProofView) => void;
}) {
  const { t } = useTranslation();
  const claims = own.proofs.filter((proof) => proof.kind === kind);
  // A company may hold several certificates; of everything else one claim waits at a time.
  const free = kind === 'quality_certificate' || !claims.some((claim) => OPEN.includes(claim.state));
  return (
    <li data-testid="check" data-kind={kind}>
      <div className="row between">
        <strong>{t(`proof.kind.${kind}`)}</strong>
        {own.can_submit && free ? (
          <Button size="compact-sm" variant="default" onClick={() => write()}>
            {t(claims.some((claim) => claim.state === 'confirmed') ? 'proof.renew' : 'proof.claim')}
          </Button>
        ) : null}
      </div>
      <span className="dim small">{t(`proof.proves.${kind}`)}</span>
      {claims.length === 0 ? <span className="dim small">{t('proof.nothingYet')}</span> : null}
      {claims.map((claim) => (
        <Claim key={claim.id} claim={claim} acts={own.can_submit} answer={() => write(claim)} />
      ))}
    </li>
  );
}

function Claim({ claim, acts, answer }: { claim: ProofView; acts: boolean; answer: () => void }) {
  const { t } = useTranslation();
  const withdraw = useIntent(
    `proof/${claim.id}/withdraw`,
    (_: null, key: string) => call('post', '/proofs/{proof}/withdraw', { path: { proof: claim.id }, key }),
    { invalidates: [['proofs']] },
  );
  const [sure, setSure] = useState(false);
  const open = OPEN.includes(claim.state);
  return (
    <div className="stack small" data-testid="claim" data-state={claim.state}>
      <div className="row">
        <Badge tone={STATE_TONES[claim.state]}>{t(`proof.state.${claim.state}`)}</Badge>
        <span>{claim.statement}</span>
        {claim.number ? <span className="dim num">{claim.number}</span> : null}
      </div>
      <span className="dim small">
        {t('proof.submittedBy', { name: claim.submitted_by })} <Moment at={claim.submitted_at} date />
        {claim.state === 'confirmed' ? (
          <>
            {' '}
            · {t('proof.until')} <LastDay day={claim.valid_until} />
          </>
        ) : null}
      </span>
      {claim.verdict && claim.state !== 'submitted' ? (
        <span className="small">
          {claim.verdict.reason ? <strong>{t(`proof.reason.${claim.verdict.reason}`)} </strong> : null}
          {claim.verdict.note}{' '}
          <span className="dim">
            {t('proof.checkedBy', { name: claim.verdict.by })} <Moment at={claim.verdict.at} date />
          </span>
        </span>
      ) : null}
      <FileList files={claim.files} folder="proof-files" />
      <ProblemAlert fault={withdraw.error} />
      {acts && (open || claim.state === 'confirmed') ? (
        <div className="row">
          {claim.state === 'more_asked' ? (
            <Button size="compact-sm" onClick={answer}>
              {t('proof.answer')}
            </Button>
          ) : null}
          <Button
            size="compact-xs"
            variant="subtle"
            color="red"
            loading={withdraw.isPending}
            onClick={() => (sure || open ? withdraw.mutate(null) : setSure(true))}
          >
            {t(sure ? 'proof.withdrawSure' : 'proof.withdraw')}
          </Button>
        </div>
      ) : null}
    </div>
  );
}
