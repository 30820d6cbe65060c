import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { meQuery } from '../../api/queries';
import type { Rfq } from '../../api/types';
import { useTranslation } from '../../lib/i18n';
import { parsePrice } from '../../lib/ladder';
import { Badge, StatusBadge } from '../../ui/badge';
import { useCategories } from '../../ui/categories';
import { FileList } from '../../ui/choose-files';
import { Frame } from '../../ui/frame';
import { Moment } from '../../ui/moment';
import { useNames } from '../../ui/names';
import { Page, Panel } from '../../ui/page';
import { Scroll } from '../../ui/scroll';
import { Awards } from './awards';
import { BuyerSteps } from './buyer-steps';
import { Clarifications } from './clarifications';
import { CompareTable } from './compare-table';
import { Negotiations } from './counters';
import { Fit } from './fit';
import { Matches } from './matches';
import { quotesQuery, rfqQuery } from './queries';
import { SupplierPart } from './supplier-part';
import './sourcing.css';

const route = getRouteApi('/shell/rfqs/$id');

export function RfqPage() {
  const { id } = route.useParams();
  const asked = useQuery(rfqQuery(id));
  return <Frame asked={asked}>{(rfq) => <Detail key={rfq.id} rfq={rfq} />}</Frame>;
}

function Detail({ rfq }: { rfq: Rfq }) {
  const { t } = useTranslation();
  const { data: me } = useQuery(meQuery);
  const acts = me?.seat.role === 'owner' || me?.seat.role === 'trader';
  const sells = me?.seat.company?.sells === true && !rfq.mine;
  const running = rfq.state === 'open' || rfq.state === 'closed';
  return (
    <Page
      title={`${rfq.number} · ${rfq.title}`}
      lead={
        <>
          <StatusBadge status={rfq.state} /> {rfq.buyer.name}
        </>
      }
    >
      <div className="split">
        <div className="stack">
          <Goods rfq={rfq} />
          <Clarifications rfq={rfq} acts={acts} sells={sells} />
          {rfq.awards.length > 0 ? <Awards rfq={rfq} acts={acts} /> : null}
          {rfq.mine && (rfq.quotes ?? 0) > 0 ? <CompareTable rfq={rfq} acts={acts && running} /> : null}
          {rfq.mine && (rfq.quotes ?? 0) > 0 ? <Negotiate rfq={rfq} acts={acts && running} /> : null}
          {rfq.mine && rfq.quotes === 0 ? (
            <p className="dim">{t(rfq.state === 'open' ? 'rfq.noQuotes' : 'rfq.noQuotesCame')}</p>
          ) : null}
          {rfq.mine && rfq.state === 'open' ? <Matches rfq={rfq} acts={acts} /> : null}
          {sells ? <SupplierPart rfq={rfq} acts={acts} /> : null}
        </div>
        <div className="rfq-side stack">
          <Facts rfq={rfq} />
          {rfq.mine && acts && running ? <BuyerSteps rfq={rfq} /> : null}
        </div>
      </div>
    </Page>
  );
}

function Negotiate({ rfq, acts }: { rfq: Rfq; acts: boolean }) {
  const { data } = useQuery(quotesQuery(rfq.id));
  return <Negotiations rfq={rfq} quotes={data?.items ?? []} acts={acts} />;
}

function Facts({ rfq }: { rfq: Rfq }) {
  const { t } = useTranslation();
  const names = useNames();
  return (
    <Panel title={t('rfq.facts')}>
      <dl className="facts">
        <dt>{t('rfq.quotesUntil')}</dt>
        <dd>
          <Moment at={rfq.deadline} away={rfq.state === 'open'} />
        </dd>
        {rfq.state === 'closed' ? (
          <>
            <dt>{t('rfq.decideBy')}</dt>
            <dd>
              <Moment at={rfq.decide_by} away />
            </dd>
          </>
        ) : null}
        <dt>{t('rfq.seatsLeft')}</dt>
        <dd>{t('rfq.seatsOf', { left: rfq.seats_left, seats: rfq.seats })}</dd>
        <dt>{t('rfq.visibility')}</dt>
        <dd>{t(`rfq.visibility.${rfq.visibility}`)}</dd>
        <dt>{t('rfq.to')}</dt>
        <dd>{names.country(rfq.destination)}</dd>
        {rfq.origin ? (
          <>
            <dt>{t('rfq.from')}</dt>
            <dd>{names.country(rfq.origin)}</dd>
          </>
        ) : null}
        <dt>{t('product.incoterm')}</dt>
        <dd>{names.incoterm(rfq.incoterm)}</dd>
        {rfq.lead_days === null ? null : (
          <>
            <dt>{t('rfq.leadDays')}</dt>
            <dd>{rfq.lead_days}</dd>
          </>
        )}
      </dl>
      {rfq.fit ? <Fit score={rfq.fit.score} reasons={rfq.fit.reasons} /> : null}
      {rfq.quality_points.length > 0 || rfq.aql ? <span className="strong">{t('draft.quality')}</span> : null}
      {rfq.quality_points.length > 0 ? (
        <ul className="tight">
          {rfq.quality_points.map((one) => (
            <li key={`${one.point}${one.limit}`}>
              {one.point}: {one.limit}
              {one.method ? <span className="dim"> · {one.method}</span> : null}
            </li>
          ))}
        </ul>
      ) : null}
      {rfq.aql ? <p className="tight">{t('quality.aqlText', { ...rfq.aql })}</p> : null}
      {rfq.notes ? <p className="tight said-plain">{rfq.notes}</p> : null}
      {rfq.files.length > 0 ? (
        <section className="stack small" aria-label={t('rfq.files')}>
          <span className="strong">{t('rfq.files')}</span>
          <FileList files={rfq.files} folder="sourcing-files" />
        </section>
      ) : null}
      {rfq.invited_suppliers.length > 0 ? (
        <p className="tight dim">
          {t('rfq.invitedList')} {rfq.invited_suppliers.map((supplier) => supplier.name).join(', ')}
        </p>
      ) : null}
    </Panel>
  );
}

function Goods({ rfq }: { rfq: Rfq }) {
  const { t } = useTranslation();
  const names = useNames();
  const categories = useCategories();
  return (
    <Panel title={t('draft.lines')} flush>
      <Scroll label={t('draft.lines')}>
        <table className="grid cards">
          <thead>
            <tr>
              <th scope="col">{t('draft.goods')}</th>
              <th scope="col">{t('product.hs')}</th>
              <th scope="col" className="right">
                {t('rfq.quantity')}
              </th>
              <th scope="col" className="right">
                {t('rfq.target', { currency: rfq.currency })}
              </th>
            </tr>
          </thead>
          <tbody>
            {rfq.goods.map((line) => (
              <tr key={line.line}>
                <td>
                  {line.line}. {line.title} <Badge>{categories.name(line.category)}</Badge>
                  {line.notes ? <div className="dim">{line.notes}</div> : null}
                </td>
                <td className="num" data-label={t('product.hs')}>
                  {line.hs_code || '—'}
                </td>
                <td className="right num" data-label={t('rfq.quantity')}>
                  {names.quantity(line.quantity)} {names.unit(line.unit)}
                </td>
                <td className="right num" data-label={t('rfq.target', { currency: rfq.currency })}>
                  {line.target_price ? names.price(parsePrice(line.target_price), rfq.currency) : '—'}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </Panel>
  );
}
