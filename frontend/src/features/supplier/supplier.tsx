import { Button } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { companyProofsQuery, companyRecordQuery } from '../../api/proofs';
import { companyQuery, meQuery, productsQuery, searchQuery } from '../../api/queries';
import type { Company, TradeRecordView } from '../../api/types';
import { useTranslation } from '../../lib/i18n';
import { Empty, Frame, MoreButton } from '../../ui/frame';
import { LevelBadge } from '../../ui/level-badge';
import { Moment } from '../../ui/moment';
import { useNames } from '../../ui/names';
import { Page, Panel } from '../../ui/page';
import { PaperLinks } from '../../ui/paper-links';
import { OnTime, ProofCard } from '../../ui/proof';
import { ResponseClock } from '../../ui/response-clock';
import { Scroll } from '../../ui/scroll';

const route = getRouteApi('/shell/companies/$id');

export function SupplierPage() {
  const { id } = route.useParams();
  const asked = useQuery(companyQuery(id));
  return <Frame asked={asked}>{(company) => <Detail company={company} />}</Frame>;
}

function Goods({ id }: { id: string }) {
  const { t } = useTranslation();
  const names = useNames();
  const asked = useInfiniteQuery(productsQuery({ supplier: id }));
  const items = asked.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Panel
      title={t('supplier.goods')}
      aside={
        <Link to="/products" search={{ supplier: id }}>
          {t('supplier.inCatalogue')}
        </Link>
      }
    >
      <Frame asked={asked}>
        {() =>
          items.length === 0 ? (
            <Empty title={t('supplier.noGoods')} />
          ) : (
            <>
              <Scroll label={t('supplier.goods')}>
                <table className="grid">
                  <thead>
                    <tr>
                      <th scope="col">{t('product.title')}</th>
                      <th scope="col" className="right">
                        {t('product.unitPrice')}
                      </th>
                      <th scope="col" className="right">
                        {t('product.moq')}
                      </th>
                    </tr>
                  </thead>
                  <tbody>
                    {items.map((card) => (
                      <tr key={card.id}>
                        <td>
                          <Link to="/products/$id" params={{ id: card.id }}>
                            {names.title(card)}
                          </Link>
                        </td>
                        <td className="right num">
                          {card.currency} {names.range(card)}
                        </td>
                        <td className="right num">
                          {names.quantity(card.moq)} {names.unit(card.unit)}
                        </td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </Scroll>
              <MoreButton asked={asked} />
            </>
          )
        }
      </Frame>
    </Panel>
  );
}

/** What the company has proved, each with what it does not prove. */
function Proofs({ id }: { id: string }) {
  const { t } = useTranslation();
  const asked = useQuery(companyProofsQuery(id));
  return (
    <Panel
      title={t('supplier.proofs')}
      aside={
        <span className="row">
          {asked.data ? <LevelBadge level={asked.data.level} /> : null}
          <Link to="/companies/$id/proofs" params={{ id }}>
            {t('proof.report')}
          </Link>
          <PaperLinks path={`/companies/${id}/proofs/report`} title={t('papers.pdf')} />
        </span>
      }
    >
      <Frame asked={asked} rows={3}>
        {(found) =>
          found.proofs.length === 0 ? (
            <Empty title={t('proof.none')} hint={t('proof.noneHint')} />
          ) : (
            <ul className="proofs">
              {found.proofs.map((proof) => (
                <ProofCard key={`${proof.kind}${proof.number}${proof.state}`} proof={proof} />
              ))}
            </ul>
          )
        }
      </Frame>
    </Panel>
  );
}

/** How the company's orders went; where nothing can be said, why not. */
function TradeRecord({ id }: { id: string }) {
  const { t } = useTranslation();
  const asked = useQuery(companyRecordQuery(id));
  return (
    <Panel title={t('record.title')}>
      <Frame asked={asked} rows={3}>
        {({ record, era }) =>
          record ? (
            <>
              {record.on_time_bps === null ? (
                <p className="dim tight" data-testid="no-record">
                  {t('record.none', { count: record.shipments })}
                </p>
              ) : null}
              <Figures id={id} record={record} />
              <p className="dim tight small">{t('record.noDisputes')}</p>
            </>
          ) : (
            <p className="dim tight" data-testid="no-record">
              {t('record.notInEra', { era })}
            </p>
          )
        }
      </Frame>
    </Panel>
  );
}

function Figures({ id, record }: { id: string; record: TradeRecordView }) {
  const { t } = useTranslation();
  return (
    <dl className="facts">
      {record.on_time_bps === null ? null : (
        <>
          <dt>{t('record.onTime')}</dt>
          <dd>
            <OnTime company={id} />
          </dd>
        </>
      )}
      <dt>{t('record.closed')}</dt>
      <dd className="num">{record.closed}</dd>
      <dt>{t('record.late')}</dt>
      <dd className="num">{record.late}</dd>
      <dt>{t('record.cancelledLate')}</dt>
      <dd className="num">{record.cancelled_late}</dd>
      <dt>{t('record.cancelledBySeller')}</dt>
      <dd className="num">{record.cancelled_by_seller}</dd>
    </dl>
  );
}

/** The categories a supplier has goods in, with their numbers. */
function Categories({ id }: { id: string }) {
  const { t } = useTranslation();
  const { data } = useInfiniteQuery(searchQuery({ supplier: id, limit: 1 }));
  const found = data?.pages[0]?.facets.category ?? [];
  if (found.length === 0) return <span>—</span>;
  return (
    <span>
      {found
        .map(({ value, count }) => `${t(`category.${value}`, { defaultValue: value })} ${count}`)
        .join(' · ')}
    </span>
  );
}

function Facts({ company }: { company: Company }) {
  const { t } = useTranslation();
  const names = useNames();
  return (
    <Panel title={t('product.facts')}>
      <dl className="facts">
        <dt>{t('products.facet.country')}</dt>
        <dd>{names.country(company.country)}</dd>
        <dt>{t('field.registration')}</dt>
        <dd className="num">{company.registration_number}</dd>
        <dt>{t('supplier.founded')}</dt>
        <dd className="num">{company.founded ?? '—'}</dd>
        <dt>{t('supplier.joined')}</dt>
        <dd>
          <Moment at={company.joined_at} date />
        </dd>
        {company.sells ? (
          <>
            <dt>{t('product.answers')}</dt>
            <dd>
              <ResponseClock company={company.id} />
            </dd>
            <dt>{t('products.facet.category')}</dt>
            <dd>
              <Categories id={company.id} />
            </dd>
          </>
        ) : null}
        <dt>{t('supplier.goods')}</dt>
        <dd className="num">{company.products_count}</dd>
      </dl>
    </Panel>
  );
}

function Detail({ company }: { company: Company }) {
  const { t } = useTranslation();
  const names = useNames();
  const navigate = useNavigate();
  const { data: me } = useQuery(meQuery);
  const asks =
    company.sells &&
    me?.seat.company?.buys &&
    me.seat.company.id !== company.id &&
    (me.seat.role === 'owner' || me.seat.role === 'trader');
  return (
    <Page
      title={names.company(company)}
      lead={`${company.city ? `${company.city}, ` : ''}${names.country(company.country)}`}
      actions={
        asks ? (
          <>
            <Button variant="default" onClick={() => void navigate({ to: '/rfqs/new', search: {} })}>
              {t('nav.newRfq')}
            </Button>
            <Button
              data-testid="ask-supplier"
              onClick={() => void navigate({ to: '/inquiries/new', search: { seller: company.id } })}
            >
              {t('product.ask')}
            </Button>
          </>
        ) : null
      }
    >
      <div className="split">
        <div className="stack">
          {company.about ? (
            <Panel title={t('supplier.about')}>
              <p className="tight">{company.about}</p>
            </Panel>
          ) : null}
          <Proofs id={company.id} />
          <Goods id={company.id} />
        </div>
        <div className="stack">
          <Facts company={company} />
          {company.sells ? <TradeRecord id={company.id} /> : null}
        </div>
      </div>
    </Page>
  );
}
