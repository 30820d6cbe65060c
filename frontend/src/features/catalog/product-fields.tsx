import { Button, CloseButton, NativeSelect, Textarea, TextInput } from '@mantine/core';
import type { Product } from '../../api/types';
import { useTranslation } from '../../lib/i18n';
import { CURRENCIES } from '../../lib/money';
import { useCategories } from '../../ui/categories';
import { CountInput } from '../../ui/inputs';
import { Panel } from '../../ui/page';
import { useUnits } from '../../ui/units';
import type { Typed } from './draft';
import { PicturesEditor } from './pictures-editor';
import { ProductExtras } from './product-extras';
import { SupplyFields } from './supply-fields';
import { TemplateFields } from './template-fields';

export interface FieldProps {
  form: Typed;
  put: (part: Partial<Typed>) => void;
  wrong: (pointer: string) => string | undefined;
}

const INCOTERMS = ['EXW', 'FCA', 'FAS', 'FOB', 'CFR', 'CIF', 'CPT', 'CIP', 'DAP', 'DPU', 'DDP'];

/** The fields of a listing; complaints of the server stand at their field. */
export function ProductFields({ product, ...props }: FieldProps & { product?: Product }) {
  return (
    <div className="stack">
      <Words {...props} />
      <Sale {...props} />
      <SupplyFields {...props} product={product} />
      <LadderRows {...props} />
      <TemplateFields {...props} />
      <Properties {...props} />
      <ProductExtras {...props} />
    </div>
  );
}

function Words({ form, put, wrong }: FieldProps) {
  const { t } = useTranslation();
  const categories = useCategories();
  const groups = categories.groups();
  const known = groups.some((group) => group.items.some((item) => item.value === form.category));
  return (
    <Panel title={t('listing.words')}>
      <TextInput
        label={t('listing.title')}
        required
        value={form.title}
        error={wrong('/title')}
        onChange={(event) => put({ title: event.currentTarget.value })}
      />
      <div className="cols">
        <TextInput
          label={t('listing.titleZh')}
          lang="zh"
          value={form.title_zh ?? ''}
          error={wrong('/title_zh')}
          onChange={(event) => put({ title_zh: event.currentTarget.value })}
        />
        <TextInput
          label={t('listing.sku')}
          required
          value={form.sku}
          error={wrong('/sku')}
          onChange={(event) => put({ sku: event.currentTarget.value })}
        />
        <NativeSelect
          label={t('products.facet.category')}
          value={form.category}
          error={wrong('/category')}
          data={known ? groups : [{ value: form.category, label: form.category }, ...groups]}
          onChange={(event) => put({ category: event.currentTarget.value })}
        />
      </div>
      <Textarea
        label={t('product.about')}
        autosize
        minRows={4}
        maxLength={4000}
        value={form.description ?? ''}
        error={wrong('/description')}
        onChange={(event) => put({ description: event.currentTarget.value })}
      />
      <PicturesEditor form={form} put={put} wrong={wrong} />
    </Panel>
  );
}

function Sale({ form, put, wrong }: FieldProps) {
  const { t } = useTranslation();
  const units = useUnits();
  const text = (name: 'hs_code' | 'origin' | 'moq', label: string, hint?: string) => (
    <TextInput
      label={label}
      description={hint}
      required
      value={form[name]}
      error={wrong(`/${name}`)}
      onChange={(event) => put({ [name]: event.currentTarget.value })}
    />
  );
  return (
    <Panel title={t('listing.sale')}>
      <div className="cols">
        {text('hs_code', t('product.hs'))}
        {text('origin', t('product.origin'))}
        <NativeSelect
          label={t('listing.unit')}
          value={form.unit}
          error={wrong('/unit')}
          data={units(form.unit)}
          onChange={(event) => put({ unit: event.currentTarget.value })}
        />
        {text('moq', t('product.moq'))}
        <TextInput
          label={t('listing.step')}
          inputMode="decimal"
          value={form.moq_step ?? ''}
          error={wrong('/lot_step') ?? wrong('/moq_step')}
          onChange={(event) => put({ moq_step: event.currentTarget.value })}
        />
        <CountInput
          label={t(form.supply === 'ready_stock' ? 'stock.shipsIn' : 'listing.leadDays')}
          count={form.lead_days}
          error={wrong('/lead_days')}
          onCount={(days) => put({ lead_days: days })}
        />
        <NativeSelect
          label={t('product.incoterm')}
          value={form.incoterm.code}
          error={wrong('/incoterm/code')}
          data={INCOTERMS}
          onChange={(event) => put({ incoterm: { ...form.incoterm, code: event.currentTarget.value } })}
        />
        <TextInput
          label={t('listing.place')}
          required
          value={form.incoterm.place}
          error={wrong('/incoterm/place')}
          onChange={(event) => put({ incoterm: { ...form.incoterm, place: event.currentTarget.value } })}
        />
      </div>
    </Panel>
  );
}

function LadderRows({ form, put, wrong }: FieldProps) {
  const { t } = useTranslation();
  const change = (at: number, part: Partial<Typed['ladder'][number]>) =>
    put({ ladder: form.ladder.map((row, n) => (n === at ? { ...row, ...part } : row)) });
  return (
    <Panel title={t('product.ladder')}>
      <NativeSelect
        className="compare-quantity"
        label={t('listing.currency')}
        value={form.currency}
        error={wrong('/currency')}
        data={[...new Set([...CURRENCIES, form.currency])]}
        onChange={(event) => put({ currency: event.currentTarget.value })}
      />
      {form.ladder.map((row, n) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: breaks are addressed by their place
        <div key={n} className="row bottom pair">
          <TextInput
            className="grow"
            label={t('product.from')}
            inputMode="decimal"
            value={row.from_quantity}
            error={wrong(`/ladder/${n}/from_quantity`)}
            onChange={(event) => change(n, { from_quantity: event.currentTarget.value })}
          />
          <TextInput
            className="grow"
            label={t('product.unitPrice')}
            inputMode="decimal"
            value={row.unit_price}
            error={wrong(`/ladder/${n}/unit_price`)}
            onChange={(event) => change(n, { unit_price: event.currentTarget.value })}
          />
          <CloseButton
            aria-label={t('listing.removeBreak', { no: n + 1 })}
            onClick={() => put({ ladder: form.ladder.filter((_, other) => other !== n) })}
          />
        </div>
      ))}
      {wrong('/ladder') ? <p className="field-error">{wrong('/ladder')}</p> : null}
      <div>
        <Button
          variant="default"
          disabled={form.ladder.length >= 12}
          onClick={() => put({ ladder: [...form.ladder, { from_quantity: '', unit_price: '' }] })}
        >
          {t('listing.addBreak')}
        </Button>
      </div>
    </Panel>
  );
}

function Properties({ form, put, wrong }: FieldProps) {
  const { t } = useTranslation();
  const templated = useCategories()
    .template(form.category)
    .map((one) => one.key);
  const change = (at: number, part: Partial<Typed['properties'][number]>) =>
    put({ properties: form.properties.map((row, n) => (n === at ? { ...row, ...part } : row)) });
  return (
    <Panel title={t('listing.properties')}>
      {form.properties.map((row, n) =>
        templated.includes(row.name) ? null : (
          // biome-ignore lint/suspicious/noArrayIndexKey: properties are addressed by their place
          <div key={n} className="row bottom pair">
            <TextInput
              className="grow"
              label={t('listing.propertyName')}
              value={row.name}
              onChange={(event) => change(n, { name: event.currentTarget.value })}
            />
            <TextInput
              className="grow"
              label={t('listing.propertyValue')}
              value={row.value}
              onChange={(event) => change(n, { value: event.currentTarget.value })}
            />
            <CloseButton
              aria-label={t('listing.removeProperty', { no: n + 1 })}
              onClick={() => put({ properties: form.properties.filter((_, other) => other !== n) })}
            />
          </div>
        ),
      )}
      {wrong('/attributes') ? <p className="field-error">{wrong('/attributes')}</p> : null}
      <div>
        <Button
          variant="default"
          disabled={form.properties.length >= 40}
          onClick={() => put({ properties: [...form.properties, { name: '', value: '' }] })}
        >
          {t('listing.addProperty')}
        </Button>
      </div>
    </Panel>
  );
}
