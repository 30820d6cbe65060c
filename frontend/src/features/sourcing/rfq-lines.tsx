import { Button, CloseButton, Textarea, TextInput } from '@mantine/core';
import { useId, useState } from 'react';
import type { RfqLineDraft } from '../../api/types';
import { useTranslation } from '../../lib/i18n';
import { Panel } from '../../ui/page';
import { COLUMNS, readTable } from './paste';

interface Props {
  lines: RfqLineDraft[];
  currency: string;
  categories: string[];
  onLines: (lines: RfqLineDraft[]) => void;
  wrong: (pointer: string) => string | undefined;
}

/** The goods a buyer asks for: typed line by line, or pasted as a table. */
export function RfqLines({ lines, currency, categories, onLines, wrong }: Props) {
  const { t } = useTranslation();
  const slugs = useId();
  const change = (at: number, part: Partial<RfqLineDraft>) =>
    onLines(lines.map((line, i) => (i === at ? { ...line, ...part } : line)));
  const add = () =>
    onLines([
      ...lines,
      { title: '', category: '', hs_code: '', unit: 'pcs', quantity: '', target_price: null },
    ]);
  return (
    <Panel title={t('draft.lines')}>
      <datalist id={slugs}>
        {categories.map((slug) => (
          <option key={slug} value={slug} />
        ))}
      </datalist>
      {lines.map((line, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines are numbered by place
        <fieldset key={i} className="rfq-line">
          <legend className="visually-hidden">{t('draft.lineNo', { no: i + 1 })}</legend>
          <TextInput
            required
            label={t('draft.goods')}
            value={line.title}
            error={wrong(`/lines/${i}/title`)}
            onChange={(e) => change(i, { title: e.currentTarget.value })}
          />
          <TextInput
            required
            label={t('rfq.category')}
            list={slugs}
            value={line.category}
            error={wrong(`/lines/${i}/category`)}
            onChange={(e) => change(i, { category: e.currentTarget.value })}
          />
          <TextInput
            label={t('product.hs')}
            inputMode="numeric"
            value={line.hs_code ?? ''}
            error={wrong(`/lines/${i}/hs_code`)}
            onChange={(e) => change(i, { hs_code: e.currentTarget.value })}
          />
          <TextInput
            required
            label={t('rfq.quantity')}
            inputMode="decimal"
            value={line.quantity}
            error={wrong(`/lines/${i}/quantity`)}
            onChange={(e) => change(i, { quantity: e.currentTarget.value })}
          />
          <TextInput
            required
            label={t('rfq.unit')}
            value={line.unit}
            error={wrong(`/lines/${i}/unit`)}
            onChange={(e) => change(i, { unit: e.currentTarget.value })}
          />
          <TextInput
            label={t('rfq.target', { currency })}
            inputMode="decimal"
            value={line.target_price ?? ''}
            error={wrong(`/lines/${i}/target_price`)}
            onChange={(e) => change(i, { target_price: e.currentTarget.value || null })}
          />
          <CloseButton
            aria-label={t('draft.removeLine', { no: i + 1 })}
            onClick={() => onLines(lines.filter((_, j) => j !== i))}
          />
        </fieldset>
      ))}
      {lines.length === 0 ? <p className="dim tight">{t('rfq.noLines')}</p> : null}
      {wrong('/lines') ? <p className="field-error">{wrong('/lines')}</p> : null}
      <div className="row bottom">
        <Button variant="default" disabled={lines.length >= 50} onClick={add}>
          {t('rfq.addLine')}
        </Button>
      </div>
      <Paste category={categories[0] ?? ''} onLines={(more) => onLines([...lines, ...more].slice(0, 50))} />
    </Panel>
  );
}

function Paste({ category, onLines }: { category: string; onLines: (lines: RfqLineDraft[]) => void }) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const [told, setTold] = useState('');
  const take = () => {
    const { lines, bad } = readTable(text, category);
    onLines(lines);
    setTold(
      bad.length
        ? t('rfq.pastedSome', { count: lines.length, rows: bad.join(', ') })
        : t('rfq.pasted', { count: lines.length }),
    );
    if (bad.length === 0) setText('');
  };
  return (
    <details>
      <summary>{t('rfq.paste')}</summary>
      <div className="stack small">
        <Textarea
          label={t('rfq.pasteLabel')}
          description={t('rfq.pasteHint', { columns: COLUMNS.join(' · ') })}
          autosize
          minRows={3}
          value={text}
          onChange={(e) => setText(e.currentTarget.value)}
        />
        <div className="row">
          <Button variant="default" size="xs" disabled={text.trim() === ''} onClick={take}>
            {t('rfq.pasteTake')}
          </Button>
          <span role="status" className="dim">
            {told}
          </span>
        </div>
      </div>
    </details>
  );
}
