import type { OrderView } from '../../api/types';
import { useTranslation } from '../../lib/i18n';
import { lineValue, parsePrice, parseQuantity } from '../../lib/ladder';
import { Badge } from '../../ui/badge';
import { MoneyText } from '../../ui/money';
import { useNames } from '../../ui/names';
import { Panel } from '../../ui/page';
import { QualityList } from '../../ui/quality-points';
import { Scroll } from '../../ui/scroll';

/** The contract as it stands. */
export function TermsView({ order }: { order: OrderView }) {
  const { t } = useTranslation();
  const names = useNames();
  const { terms } = order;
  const money = (minor: string) => ({ minor, currency: terms.currency });
  const address = terms.delivery_address;
  return (
    <>
      <Panel title={t('draft.lines')} flush>
        <Scroll label={t('draft.lines')}>
          <table className="grid cards">
            <thead>
              <tr>
                <th scope="col">{t('draft.goods')}</th>
                <th scope="col">{t('product.hs')}</th>
                <th scope="col" className="right">
                  {t('products.quantity')}
                </th>
                <th scope="col" className="right">
                  {t('product.unitPrice')}
                </th>
                <th scope="col" className="right">
                  {t('draft.value')}
                </th>
              </tr>
            </thead>
            <tbody>
              {terms.lines.map((line, i) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: lines are addressed by their place in the terms
                <tr key={i}>
                  <td>
                    {line.title} <code className="dim">{line.sku}</code>{' '}
                    {line.from_stock ? <Badge tone="good">{t('stock.fromReady')}</Badge> : null}
                  </td>
                  <td className="num" data-label={t('product.hs')}>
                    {line.hs_code}
                  </td>
                  <td className="right num" data-label={t('products.quantity')}>
                    {names.quantity(line.quantity)} {names.unit(line.unit)}
                  </td>
                  <td className="right num" data-label={t('product.unitPrice')}>
                    {names.price(parsePrice(line.unit_price), terms.currency)}
                  </td>
                  <td className="right" data-label={t('draft.value')}>
                    <MoneyText
                      value={money(
                        lineValue(
                          parseQuantity(line.quantity) ?? 0n,
                          parsePrice(line.unit_price),
                          terms.currency,
                        ).toString(),
                      )}
                    />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      </Panel>
      <div className="cols wide">
        <Panel title={t('draft.delivery')}>
          <dl className="facts">
            <dt>{t('product.incoterm')}</dt>
            <dd>{names.incoterm(terms.incoterm)}</dd>
            <dt>{t('draft.consignee')}</dt>
            <dd>{terms.consignee || '—'}</dd>
            <dt>{t('draft.address')}</dt>
            <dd>
              {[
                address.name,
                address.street,
                `${address.postcode} ${address.city}`,
                address.region,
                names.country(address.country),
              ]
                .filter((s) => s.trim())
                .join(', ')}
            </dd>
            <dt>{t('draft.po')}</dt>
            <dd>{terms.po_number || '—'}</dd>
            {(['buyer_contact', 'seller_contact'] as const).map((side) => [
              <dt key={side}>{t(`draft.${side}`)}</dt>,
              <dd key={`${side}-value`}>
                {[terms[side].name, terms[side].email, terms[side].phone].filter(Boolean).join(', ') || '—'}
              </dd>,
            ])}
          </dl>
        </Panel>
        <Panel title={t('draft.extras')}>
          <dl className="facts">
            {(['freight_minor', 'discount_minor', 'tax_minor'] as const).map((part) => [
              <dt key={part}>{t(`draft.${part}`)}</dt>,
              <dd key={`${part}-value`}>
                <MoneyText value={money(terms[part])} />
              </dd>,
            ])}
            {(['deposit_days', 'acceptance_days', 'claim_window_days'] as const).map((part) => [
              <dt key={part}>{t(`draft.${part}`)}</dt>,
              <dd key={`${part}-value`} className="num">
                {terms[part]}
              </dd>,
            ])}
          </dl>
          {terms.notes ? (
            <p className="tight notes">
              <span className="dim">{t('draft.notes')}</span> {terms.notes}
            </p>
          ) : null}
        </Panel>
      </div>
      <Panel title={t('draft.quality')}>
        <QualityList points={terms.quality_points} />
        {terms.aql ? <p className="tight">{t('quality.aqlText', { ...terms.aql })}</p> : null}
      </Panel>
      {order.offer ? (
        <p className="dim hash">
          {t('cockpit.contractHash')} <code>{order.offer.contract_hash}</code>
        </p>
      ) : null}
    </>
  );
}
