import { Button, CloseButton, NativeSelect, TextInput } from '@mantine/core';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { productQuery, productsQuery } from '../../api/queries';
import type { OrderTerms, TermsLine } from '../../api/types';
import { useTranslation } from '../../lib/i18n';
import { totalsOf } from '../../lib/terms';
import { MoneyText } from '../../ui/money';
import { useNames } from '../../ui/names';
import { Panel } from '../../ui/page';
import { withProduct } from './model';
import { StockLine } from './stock-line';

export interface EditorProps {
  terms: OrderTerms;
  onTerms: (terms: OrderTerms) => void;
  wrong: (pointer: string) => string | undefined;
}

export function LinesEditor({ terms, onTerms, wrong }: EditorProps) {
  const { t } = useTranslation();
  const names = useNames();
  const client = useQueryClient();
  const asked = useInfiniteQuery({
    ...productsQuery({ supplier: terms.seller, limit: 100 }),
    enabled: terms.seller !== '',
  });
  const goods = asked.data?.pages.flatMap((page) => page.items) ?? [];
  const totals = totalsOf(terms);
  const change = (at: number, part: Partial<TermsLine>) => {
    const lines = terms.lines.map((line, i) => (i === at ? { ...line, ...part } : line));
    const shipments =
      terms.shipments.length === 1 && part.quantity !== undefined
        ? terms.shipments.map((s) => ({
            ...s,
            quantities: lines.map((line, i) => (i === at ? line.quantity : (s.quantities[i] ?? '0'))),
          }))
        : terms.shipments;
    onTerms({ ...terms, lines, shipments });
  };
  const remove = (at: number) =>
    onTerms({
      ...terms,
      lines: terms.lines.filter((_, i) => i !== at),
      shipments: terms.shipments.map((s) => ({ ...s, quantities: s.quantities.filter((_, i) => i !== at) })),
    });
  const add = async (id: string) => {
    const product = await client.ensureQueryData(productQuery(id));
    onTerms(withProduct(terms, product, String(product.moq)));
  };
  const free = () =>
    onTerms({
      ...terms,
      lines: [
        ...terms.lines,
        { product: null, sku: '', title: '', hs_code: '', unit: 'pcs', quantity: '1', unit_price: '0' },
      ],
      shipments: terms.shipments.map((s, i) => ({
        ...s,
        quantities: [...s.quantities, i === 0 ? '1' : '0'],
      })),
    });
  return (
    <Panel title={t('draft.lines')}>
      {terms.lines.map((line, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines are addressed by their place in the terms
        <fieldset key={i} className="line">
          <legend className="visually-hidden">{t('draft.lineNo', { no: i + 1 })}</legend>
          <TextInput
            className="line-title"
            label={t('draft.goods')}
            value={line.title}
            error={wrong(`/lines/${i}/title`)}
            onChange={(e) => change(i, { title: e.currentTarget.value })}
          />
          <TextInput
            label={t('product.hs')}
            value={line.hs_code}
            error={wrong(`/lines/${i}/hs_code`)}
            onChange={(e) => change(i, { hs_code: e.currentTarget.value })}
          />
          <TextInput
            label={t('product.quantityIn', { unit: names.unit(line.unit) })}
            inputMode="decimal"
            value={line.quantity}
            error={wrong(`/lines/${i}/quantity`)}
            onChange={(e) => change(i, { quantity: e.currentTarget.value })}
          />
          <TextInput
            label={t('draft.unitPrice', { currency: terms.currency })}
            inputMode="decimal"
            value={line.unit_price}
            error={wrong(`/lines/${i}/unit_price`)}
            onChange={(e) => change(i, { unit_price: e.currentTarget.value })}
          />
          <div className="line-value">
            <span className="dim small">{t('draft.value')}</span>
            <MoneyText
              value={{ minor: (totals.lines[i] ?? 0n).toString(), currency: terms.currency }}
              strong
            />
          </div>
          <StockLine line={line} onLine={(part) => change(i, part)} />
          <CloseButton aria-label={t('draft.removeLine', { no: i + 1 })} onClick={() => remove(i)} />
        </fieldset>
      ))}
      {terms.lines.length === 0 ? <p className="dim tight">{t('draft.noLines')}</p> : null}
      {wrong('/lines') ? <p className="field-error">{wrong('/lines')}</p> : null}
      <div className="row bottom">
        {goods.length > 0 ? (
          <NativeSelect
            className="grow"
            label={t('draft.addProduct')}
            value=""
            onChange={(e) => (e.currentTarget.value ? void add(e.currentTarget.value) : undefined)}
            data={[
              { value: '', label: t('draft.choose') },
              ...goods.map((card) => ({ value: card.id, label: `${names.title(card)} · ${card.sku}` })),
            ]}
          />
        ) : null}
        <Button variant="default" onClick={free}>
          {t('draft.addFree')}
        </Button>
      </div>
    </Panel>
  );
}
