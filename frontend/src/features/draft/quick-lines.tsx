import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { PricedLine } from '../../api/types';
import { useTranslation } from '../../lib/i18n';
import { parsePrice } from '../../lib/ladder';
import { Badge } from '../../ui/badge';
import { MoneyText } from '../../ui/money';
import { useNames } from '../../ui/names';
import { Panel } from '../../ui/page';
import { Scroll } from '../../ui/scroll';

/** Pasted lines with their price, or with what is wrong and how to right it. */
export function QuickLines({
  lines,
  take,
}: {
  lines: PricedLine[];
  take: (place: number, quantity: string) => void;
}) {
  const { t } = useTranslation();
  const names = useNames();
  const wrong = lines.filter((line) => line.verdict !== 'good').length;
  return (
    <Panel
      title={t('quick.priced')}
      flush
      aside={
        <Badge tone={wrong ? 'warn' : 'good'}>
          {wrong ? t('quick.wrong', { count: wrong }) : t('quick.allGood')}
        </Badge>
      }
    >
      <Scroll label={t('quick.priced')}>
        <table className="grid cards">
          <thead>
            <tr>
              <th scope="col" className="right">
                {t('quick.no')}
              </th>
              <th scope="col">{t('product.title')}</th>
              <th scope="col">{t('product.supplier')}</th>
              <th scope="col" className="right">
                {t('products.quantity')}
              </th>
              <th scope="col" className="right">
                {t('product.unitPrice')}
              </th>
              <th scope="col" className="right">
                {t('product.totalIs')}
              </th>
            </tr>
          </thead>
          <tbody>
            {lines.map((line) => (
              <tr key={line.no} data-verdict={line.verdict}>
                <td className="right num">{line.no}</td>
                <td>
                  {line.product ? (
                    <Link to="/products/$id" params={{ id: line.product.id }}>
                      {names.title(line.product)}
                    </Link>
                  ) : null}{' '}
                  <code className="dim">{line.sku}</code>
                  <Fault line={line} take={(quantity) => take(line.no - 1, quantity)} />
                </td>
                <td data-label={t('product.supplier')}>{line.product?.supplier.name ?? '—'}</td>
                <td className="right num" data-label={t('products.quantity')}>
                  {names.quantity(line.quantity)} {line.product ? names.unit(line.product.unit) : ''}
                </td>
                <td className="right num" data-label={t('product.unitPrice')}>
                  {line.unit_price && line.product
                    ? `${line.product.currency} ${names.price(parsePrice(line.unit_price), line.product.currency)}`
                    : '—'}
                </td>
                <td className="right" data-label={t('product.totalIs')}>
                  {line.total ? <MoneyText value={line.total} /> : '—'}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </Panel>
  );
}

function Fault({ line, take }: { line: PricedLine; take: (quantity: string) => void }) {
  const { t } = useTranslation();
  const names = useNames();
  if (line.verdict === 'good') return null;
  return (
    <div className="below small">
      {t(`quick.verdict.${line.verdict}`)}
      {line.choices.length > 0 ? ` ${line.choices.map((choice) => choice.name).join(', ')}` : null}
      {line.nearest_quantity ? (
        <>
          {' '}
          <Button variant="default" size="compact-xs" onClick={() => take(line.nearest_quantity ?? '')}>
            {t('product.useNearest', { quantity: names.quantity(line.nearest_quantity) })}
          </Button>
        </>
      ) : null}
    </div>
  );
}
