import { Button, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { meQuery } from '../../api/queries';
import { ownStockQuery } from '../../api/stock';
import type { StockRow } from '../../api/types';
import { useTranslation } from '../../lib/i18n';
import { Badge } from '../../ui/badge';
import { Empty, Frame, MoreButton, NotPermitted } from '../../ui/frame';
import { useNames } from '../../ui/names';
import { Page, Panel } from '../../ui/page';
import { Scroll } from '../../ui/scroll';

/** What lies ready of the company's products: on hand, reserved, free. */
export function OwnStock() {
  const { t } = useTranslation();
  const { data: me } = useQuery(meQuery);
  const [text, setText] = useState('');
  const [typed] = useDebouncedValue(text, 250);
  const asked = useInfiniteQuery({
    ...ownStockQuery(typed || undefined),
    enabled: Boolean(me?.seat.company),
  });
  if (!me?.seat.company?.sells) return <NotPermitted />;
  const items = asked.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Page
      title={t('stock.title')}
      lead={t('stock.lead')}
      actions={
        <Button variant="default" renderRoot={(rest) => <Link to="/own-products" {...rest} />}>
          {t('own.title')}
        </Button>
      }
    >
      <search aria-label={t('products.filter')}>
        <TextInput
          label={t('products.search')}
          type="search"
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
      </search>
      <Frame asked={asked}>
        {() =>
          items.length === 0 ? (
            <Empty title={t('stock.empty')} hint={t('stock.emptyHint')} />
          ) : (
            <>
              <Rows items={items} />
              <MoreButton asked={asked} />
            </>
          )
        }
      </Frame>
    </Page>
  );
}

function Rows({ items }: { items: StockRow[] }) {
  const { t } = useTranslation();
  const names = useNames();
  const cell = (item: StockRow, label: string, quantity: string, strong?: boolean) => (
    <td className="right num" data-label={label}>
      <span className={strong ? 'strong' : undefined}>
        {names.quantity(quantity)} {names.unit(item.unit)}
      </span>
    </td>
  );
  return (
    <Panel flush>
      <Scroll label={t('stock.title')}>
        <table className="grid cards">
          <thead>
            <tr>
              <th scope="col">{t('product.title')}</th>
              <th scope="col" className="right">
                {t('stock.onHand')}
              </th>
              <th scope="col" className="right">
                {t('stock.reserved')}
              </th>
              <th scope="col" className="right">
                {t('stock.free')}
              </th>
            </tr>
          </thead>
          <tbody>
            {items.map((item) => (
              <tr key={item.product_id}>
                <td>
                  <Link to="/own-stock/$id" params={{ id: item.product_id }}>
                    {names.title(item)}
                  </Link>{' '}
                  <code className="dim">{item.sku}</code>{' '}
                  {item.supply === 'made_to_order' ? <Badge>{t('stock.nowMadeToOrder')}</Badge> : null}
                  {item.published ? null : <Badge>{t('stock.notOffered')}</Badge>}
                </td>
                {cell(item, t('stock.onHand'), item.on_hand)}
                {cell(item, t('stock.reserved'), item.reserved)}
                {cell(item, t('stock.free'), item.free, true)}
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </Panel>
  );
}
