import { NativeSelect, TextInput } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { Product, Supply } from '../../api/types';
import { useTranslation } from '../../lib/i18n';
import { useNames } from '../../ui/names';
import { Panel } from '../../ui/page';
import type { FieldProps } from './product-fields';

const SUPPLIES: Supply[] = ['made_to_order', 'ready_stock'];

/** Whether the goods are made to order or lie ready, and how many. */
export function SupplyFields({ form, put, wrong, product }: FieldProps & { product?: Product }) {
  const { t } = useTranslation();
  const names = useNames();
  const unit = names.unit(form.unit);
  const ready = form.supply === 'ready_stock';
  // Once there is a stock, its own page changes it: the number typed here would be older than the last order.
  const stocked = product?.supply === 'ready_stock' ? product : undefined;
  return (
    <Panel title={t('stock.supply')}>
      <div className="cols">
        <NativeSelect
          label={t('stock.supplyIs')}
          value={form.supply ?? 'made_to_order'}
          error={wrong('/supply')}
          onChange={(event) => put({ supply: event.currentTarget.value, capacity: null, on_hand: null })}
          data={SUPPLIES.map((supply) => ({ value: supply, label: t(`stock.supply.${supply}`) }))}
        />
        {ready ? null : (
          <TextInput
            label={t('stock.capacityIn', { unit })}
            inputMode="decimal"
            value={form.capacity ?? ''}
            error={wrong('/capacity')}
            onChange={(event) => put({ capacity: event.currentTarget.value })}
          />
        )}
        {ready && !stocked ? (
          <TextInput
            label={t('stock.onHandIn', { unit })}
            inputMode="decimal"
            required
            value={form.on_hand ?? ''}
            error={wrong('/on_hand')}
            onChange={(event) => put({ on_hand: event.currentTarget.value })}
          />
        ) : null}
      </div>
      {ready && stocked ? (
        <p className="tight">
          {t('stock.freeNow', { quantity: names.quantity(stocked.available ?? '0'), unit })}{' '}
          <Link to="/own-stock/$id" params={{ id: stocked.id }}>
            {t('stock.change')}
          </Link>
        </p>
      ) : null}
      <p className="dim small tight">{t(ready ? 'stock.hint.ready_stock' : 'stock.hint.made_to_order')}</p>
    </Panel>
  );
}
