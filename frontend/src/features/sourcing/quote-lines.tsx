import { Button, Checkbox, CloseButton, TextInput } from '@mantine/core';
import type { QuoteLineDraft, Rfq } from '../../api/types';
import { useTranslation } from '../../lib/i18n';
import { useNames } from '../../ui/names';

interface Props {
  rfq: Rfq;
  lines: QuoteLineDraft[];
  onLines: (lines: QuoteLineDraft[]) => void;
  wrong: (pointer: string) => string | undefined;
}

/** A price ladder for each line of the request; a line that is not ticked is declined. */
export function QuoteLines({ rfq, lines, onLines, wrong }: Props) {
  const { t } = useTranslation();
  const names = useNames();
  const toggle = (line: number, quantity: string, on: boolean) =>
    onLines(
      on
        ? [...lines, { line, sku: '', ladder: [{ from_quantity: quantity, unit_price: '' }] }].sort(
            (a, b) => a.line - b.line,
          )
        : lines.filter((one) => one.line !== line),
    );
  const change = (at: number, part: Partial<QuoteLineDraft>) =>
    onLines(lines.map((line, i) => (i === at ? { ...line, ...part } : line)));
  return (
    <>
      {rfq.goods.map((wanted) => {
        const at = lines.findIndex((line) => line.line === wanted.line);
        const line = lines[at];
        return (
          <fieldset key={wanted.line} className="panel">
            <legend className="visually-hidden">{t('draft.lineNo', { no: wanted.line })}</legend>
            <Checkbox
              label={`${wanted.line}. ${wanted.title} · ${names.quantity(wanted.quantity)} ${names.unit(wanted.unit)}`}
              checked={line !== undefined}
              onChange={(e) => toggle(wanted.line, wanted.quantity, e.currentTarget.checked)}
            />
            {line ? (
              <>
                <TextInput
                  label={t('rfq.sku')}
                  value={line.sku ?? ''}
                  error={wrong(`/lines/${at}/sku`)}
                  onChange={(e) => change(at, { sku: e.currentTarget.value })}
                />
                <Ladder
                  currency={rfq.currency}
                  ladder={line.ladder}
                  onLadder={(ladder) => change(at, { ladder })}
                  wrong={(part) => wrong(`/lines/${at}/ladder${part}`)}
                />
              </>
            ) : null}
          </fieldset>
        );
      })}
      {wrong('/lines') ? <p className="field-error">{wrong('/lines')}</p> : null}
    </>
  );
}

function Ladder({
  currency,
  ladder,
  onLadder,
  wrong,
}: {
  currency: string;
  ladder: QuoteLineDraft['ladder'];
  onLadder: (ladder: QuoteLineDraft['ladder']) => void;
  wrong: (part: string) => string | undefined;
}) {
  const { t } = useTranslation();
  const change = (at: number, part: Partial<QuoteLineDraft['ladder'][number]>) =>
    onLadder(ladder.map((rung, i) => (i === at ? { ...rung, ...part } : rung)));
  return (
    <>
      {ladder.map((rung, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rungs are numbered by place
        <div key={i} className="rung-line">
          <TextInput
            required
            label={i === 0 ? t('rfq.fromFirst') : t('product.from')}
            inputMode="decimal"
            value={rung.from_quantity}
            error={wrong(`/${i}/from_quantity`)}
            onChange={(e) => change(i, { from_quantity: e.currentTarget.value })}
          />
          <TextInput
            required
            label={t('draft.unitPrice', { currency })}
            inputMode="decimal"
            value={rung.unit_price}
            error={wrong(`/${i}/unit_price`)}
            onChange={(e) => change(i, { unit_price: e.currentTarget.value })}
          />
          <CloseButton
            aria-label={t('rfq.removeRung', { no: i + 1 })}
            disabled={ladder.length === 1}
            onClick={() => onLadder(ladder.filter((_, j) => j !== i))}
          />
        </div>
      ))}
      <Button
        size="compact-sm"
        variant="default"
        disabled={ladder.length >= 6}
        onClick={() => onLadder([...ladder, { from_quantity: '', unit_price: '' }])}
      >
        {t('rfq.addRung')}
      </Button>
      {wrong('') ? <p className="field-error">{wrong('')}</p> : null}
    </>
  );
}
