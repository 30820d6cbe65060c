import { Button, CloseButton, NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { RfqLineDraft } from '../../api/types';
import { useTranslation } from '../../lib/i18n';
import { useCategories } from '../../ui/categories';
import { Panel } from '../../ui/page';
import { useUnits } from '../../ui/units';
import { COLUMNS, readTable } from './paste';

interface Props {
  lines: RfqLineDraft[];
  currency: string;
  onLines: (lines: RfqLineDraft[]) => void;
  wrong: (pointer: string) => string | undefined;
}

/** The goods a buyer asks for: typed line by line, or pasted as a table. */
export function RfqLines({ lines, currency, onLines, wrong }: Props) {
  const { t } = useTranslation();
  const units = useUnits();
  const groups = useCategories().groups();
  const leaves = groups.flatMap((group) => group.items);
  /** The tree as a choice; what was typed elsewhere, or nothing yet, stands before it. */
  const choices = (slug: string) =>
    leaves.some((leaf) => leaf.value === slug) ? groups : [{ value: slug, label: slug }, ...groups];
  const change = (at: number, part: Partial<RfqLineDraft>) =>
    onLines(lines.map((line, i) => (i === at ? { ...line, ...part } : line)));
  const add = () =>
    onLines([
      ...lines,
      { title: '', category: '', hs_code: '', unit: 'pcs', quantity: '', target_price: null },
    ]);
  return (
    <Panel title={t('draft.lines')}>
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
          <NativeSelect
            required
            label={t('rfq.category')}
            data={choices(line.category)}
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
          <NativeSelect
            required
            label={t('rfq.unit')}
            data={units(line.unit)}
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
      <Paste leaves={leaves} onLines={(more) => onLines([...lines, ...more].slice(0, 50))} />
    </Panel>
  );
}

interface PasteProps {
  leaves: { value: string; label: string }[];
  onLines: (lines: RfqLineDraft[]) => void;
}

/** A category may be pasted by its name; a row without one waits for the writer's choice. */
function Paste({ leaves, onLines }: PasteProps) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const [told, setTold] = useState('');
  const take = () => {
    const { lines, bad } = readTable(text, '');
    const slug = (word: string) =>
      leaves.find((leaf) => leaf.label.toLowerCase() === word.toLowerCase())?.value ?? word;
    onLines(lines.map((line) => ({ ...line, category: slug(line.category) })));
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
