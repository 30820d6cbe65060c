import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from '../../lib/i18n';
import { Badge, StatusBadge } from '../../ui/badge';
import { Empty, Frame, MoreButton } from '../../ui/frame';
import { Moment } from '../../ui/moment';
import { Panel } from '../../ui/page';
import { Scroll } from '../../ui/scroll';
import { ownQuotesQuery } from './queries';

export function OwnQuotes() {
  const { t } = useTranslation();
  const asked = useInfiniteQuery(ownQuotesQuery);
  const items = asked.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Frame asked={asked} rows={6}>
      {() =>
        items.length === 0 ? (
          <Empty
            title={t('rfq.empty.quotes')}
            hint={t('rfq.emptyHint.quotes')}
            action={
              <Link to="/rfqs" search={{ view: 'inbox' }}>
                {t('rfq.view.inbox')}
              </Link>
            }
          />
        ) : (
          <>
            <Panel flush>
              <Scroll label={t('rfq.view.quotes')}>
                <table className="grid cards">
                  <thead>
                    <tr>
                      <th scope="col">{t('rfq.number')}</th>
                      <th scope="col">{t('rfq.one')}</th>
                      <th scope="col">{t('rfq.state')}</th>
                      <th scope="col" className="right">
                        {t('rfq.version')}
                      </th>
                      <th scope="col">{t('rfq.validUntil')}</th>
                    </tr>
                  </thead>
                  <tbody>
                    {items.map((quote) => (
                      <tr key={quote.id}>
                        <td>
                          <Link to="/rfqs/$id" params={{ id: quote.rfq.id }} className="num">
                            {quote.number}
                          </Link>
                        </td>
                        <td data-label={t('rfq.one')}>
                          {quote.rfq.number} · {quote.rfq.title}
                        </td>
                        <td data-label={t('rfq.state')}>
                          {quote.awarded ? (
                            <Badge tone="good">{t('status.awarded')}</Badge>
                          ) : (
                            <StatusBadge status={quote.state} />
                          )}
                        </td>
                        <td className="right num" data-label={t('rfq.version')}>
                          {quote.newest}
                        </td>
                        <td data-label={t('rfq.validUntil')}>
                          <Moment at={quote.valid_until} away />
                        </td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </Scroll>
            </Panel>
            <MoreButton asked={asked} />
          </>
        )
      }
    </Frame>
  );
}
