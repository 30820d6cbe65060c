import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { companyProofsQuery } from '../../api/proofs';
import { companyQuery } from '../../api/queries';
import type { Company } from '../../api/types';
import { useTranslation } from '../../lib/i18n';
import { Empty, Frame } from '../../ui/frame';
import { LevelBadge } from '../../ui/level-badge';
import { Moment } from '../../ui/moment';
import { useNames } from '../../ui/names';
import { Page, Panel } from '../../ui/page';
import { PaperLinks } from '../../ui/paper-links';
import { ProofCard } from '../../ui/proof';

const route = getRouteApi('/shell/companies/$id/proofs');

/** Everything a company has proved on one page that can be printed. */
export function VerificationReport() {
  const { id } = route.useParams();
  const asked = useQuery(companyQuery(id));
  return <Frame asked={asked}>{(company) => <Report company={company} />}</Frame>;
}

function Report({ company }: { company: Company }) {
  const { t, i18n } = useTranslation();
  const names = useNames();
  const asked = useQuery(companyProofsQuery(company.id));
  const name = i18n.language === 'zh' && company.name_zh ? company.name_zh : company.name;
  return (
    <Page
      title={t('proof.report')}
      lead={
        <Link to="/companies/$id" params={{ id: company.id }}>
          {name}
        </Link>
      }
      actions={
        <span className="row no-print">
          <PaperLinks path={`/companies/${company.id}/proofs/report`} title={t('proof.reportPdf')} />
          <Button variant="default" onClick={() => window.print()}>
            {t('proof.print')}
          </Button>
        </span>
      }
    >
      <Frame asked={asked}>
        {(found) => (
          <>
            <Panel title={name} aside={<LevelBadge level={found.level} />}>
              <dl className="facts left">
                <dt>{t('field.registration')}</dt>
                <dd className="num">{company.registration_number}</dd>
                <dt>{t('products.facet.country')}</dt>
                <dd>
                  {company.city ? `${company.city}, ` : ''}
                  {names.country(company.country)}
                </dd>
                <dt>{t('proof.levelNow')}</dt>
                <dd>
                  {found.level} / 3 · {t(`proof.levelMeans.${found.level}`)}
                </dd>
                <dt>{t('proof.asOf')}</dt>
                <dd>
                  <Moment at={found.at} />
                </dd>
              </dl>
            </Panel>
            <Panel title={t('supplier.proofs')}>
              {found.proofs.length === 0 ? (
                <Empty title={t('proof.none')} hint={t('proof.noneHint')} />
              ) : (
                <ul className="proofs">
                  {found.proofs.map((proof) => (
                    <ProofCard key={`${proof.kind}${proof.number}${proof.state}`} proof={proof} />
                  ))}
                </ul>
              )}
            </Panel>
            <p className="dim small">{t('proof.reportMeans')}</p>
            <p className="dim small hash">
              {t('proof.hash')} {found.sha256}
            </p>
          </>
        )}
      </Frame>
    </Page>
  );
}
