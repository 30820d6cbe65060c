import { Button } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { companyQuery, meQuery, productsQuery } from '../../api/queries';
import type { Company } from '../../api/types';
import { useTranslation } from '../../lib/i18n';
import { Badge } from '../../ui/badge';
import { Empty, Frame, MoreButton } from '../../ui/frame';
import { Moment } from '../../ui/moment';
import { useNames } from '../../ui/names';
import { Page, Panel } from '../../ui/page';
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

function Detail({ company }: { company: Company }) {
  const { t, i18n } = useTranslation();
  const names = useNames();
  const navigate = useNavigate();
  const { data: me } = useQuery(meQuery);
  const asks =
    company.sells &&
    me?.seat.company?.buys &&
    me.seat.company.id !== company.id &&
    (me.seat.role === 'owner' || me.seat.role === 'trader');
  const name = i18n.language === 'zh' && company.name_zh ? company.name_zh : company.name;
  return (
    <Page
      title={name}
      lead={`${company.city ? `${company.city}, ` : ''}${names.country(company.country)}`}
      actions={
        asks ? (
          <Button
            data-testid="ask-supplier"
            onClick={() => void navigate({ to: '/inquiries/new', search: { seller: company.id } })}
          >
            {t('product.ask')}
          </Button>
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
          <Goods id={company.id} />
        </div>
        <Panel
          title={t('supplier.proofs')}
          aside={
            <Badge tone={company.verified_level > 0 ? 'good' : 'plain'}>
              {t('supplier.level', { level: company.verified_level })}
            </Badge>
          }
        >
          <p className="dim tight">{t('supplier.levelMeans')}</p>
          <dl className="facts">
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
              </>
            ) : null}
            <dt>{t('supplier.goods')}</dt>
            <dd className="num">{company.products_count}</dd>
          </dl>
        </Panel>
      </div>
    </Page>
  );
}
