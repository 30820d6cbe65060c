import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { proofQueueQuery } from '../../api/proofs';
import type { QueuedProof } from '../../api/types';
import { useTranslation } from '../../lib/i18n';
import { Badge } from '../../ui/badge';
import { FileList } from '../../ui/choose-files';
import { Empty, Frame, MoreButton } from '../../ui/frame';
import { Moment } from '../../ui/moment';
import { useNames } from '../../ui/names';
import { Page, Panel } from '../../ui/page';
import { LastDay, STATE_TONES } from '../../ui/proof';
import { Decision } from './decision';

const route = getRouteApi('/shell/admin/proofs');

/** What waits for the market's admins, the oldest first; and what should be looked at again. */
export function ProofQueuePage() {
  const { t } = useTranslation();
  const view = route.useSearch().view ?? 'waiting';
  const asked = useInfiniteQuery(proofQueueQuery(view));
  const items = asked.data?.pages.flatMap((page) => page.items) ?? [];
  const counts = asked.data?.pages[0];
  return (
    <Page title={t('nav.proofs')} lead={t('proof.queueLead')}>
      <nav className="row" aria-label={t('nav.proofs')}>
        {(['waiting', 'recheck'] as const).map((name) => (
          <Link
            key={name}
            to="/admin/proofs"
            search={{ view: name === 'recheck' ? name : undefined }}
            className={name === view ? 'chip on' : 'chip'}
            aria-current={name === view ? 'page' : undefined}
          >
            {t(`proof.queue.${name}`)}
            {counts ? <span className="num"> {counts[name]}</span> : null}
          </Link>
        ))}
      </nav>
      <Frame asked={asked} rows={8}>
        {() =>
          items.length === 0 ? (
            <Empty title={t(`proof.queueEmpty.${view}`)} />
          ) : (
            <>
              {items.map((item) => (
                <Waiting key={`${item.id}${item.state}`} item={item} />
              ))}
              <MoreButton asked={asked} />
            </>
          )
        }
      </Frame>
    </Page>
  );
}

function Waiting({ item }: { item: QueuedProof }) {
  const { t } = useTranslation();
  const names = useNames();
  return (
    <div data-testid="queued">
      <Panel
        title={`${t(`proof.kind.${item.kind}`)} · ${item.company.name}`}
        aside={<Badge tone={STATE_TONES[item.state]}>{t(`proof.state.${item.state}`)}</Badge>}
      >
        <div className="split">
          <div className="stack">
            <dl className="facts left">
              <dt>{t('proof.company')}</dt>
              <dd>
                <Link to="/companies/$id" params={{ id: item.company.id }}>
                  {item.company.name}
                </Link>{' '}
                {names.country(item.company.country)}
              </dd>
              <dt>{t('field.registration')}</dt>
              <dd className="num">{item.registration_number}</dd>
              <dt>{t('proof.statement')}</dt>
              <dd>{item.statement}</dd>
              <dt>{t('proof.number')}</dt>
              <dd className="num">{item.number || '—'}</dd>
              <dt>{t('proof.issuer')}</dt>
              <dd>{item.issuer || '—'}</dd>
              <dt>{t('proof.submitted')}</dt>
              <dd>
                {item.submitted_by} · <Moment at={item.submitted_at} away />
              </dd>
              {item.state === 'confirmed' ? (
                <>
                  <dt>{t('proof.validUntil')}</dt>
                  <dd>
                    <LastDay day={item.valid_until} />
                  </dd>
                  <dt>{t('proof.recheckOn')}</dt>
                  <dd>
                    <LastDay day={item.recheck_on} />
                  </dd>
                </>
              ) : null}
            </dl>
            {item.same_number > 0 ? (
              <p className="notice" role="note">
                <strong>{t('proof.sameNumber', { count: item.same_number })}</strong>
              </p>
            ) : null}
            <FileList files={item.files} folder="proof-files" open />
          </div>
          {item.own_company ? (
            <p className="notice" role="note">
              <strong>{t('problem.proof.own_claim')}</strong>
              {t('next.proof.own_claim')}
            </p>
          ) : (
            <Decision item={item} />
          )}
        </div>
      </Panel>
    </div>
  );
}
