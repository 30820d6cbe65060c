import type { FileRef, QuoteDraft, QuoteVersion, Rfq } from '../../api/types';
import { ladderOf, lineValue, parseQuantity, rungFor } from '../../lib/ladder';

/** What is kept of the form: the draft, and its files with their names. */
export type KeptQuote = QuoteDraft & { files: FileRef[] };

type Stage = QuoteDraft['stages'][number];

export const PAYMENTS: Record<'split' | 'before' | 'retention', Stage[]> = {
  split: [
    { kind: 'deposit', trigger: 'agreed', share_bps: 3000 },
    { kind: 'balance', trigger: 'before_dispatch', share_bps: 7000 },
  ],
  before: [{ kind: 'balance', trigger: 'before_dispatch', share_bps: 10_000 }],
  retention: [
    { kind: 'deposit', trigger: 'agreed', share_bps: 3000 },
    { kind: 'balance', trigger: 'before_dispatch', share_bps: 6000 },
    { kind: 'retention', trigger: 'delivered', share_bps: 1000 },
  ],
};

/** Which of the known payment plans the stages are; none when the supplier wrote its own elsewhere. */
export function paymentOf(stages: Stage[]): keyof typeof PAYMENTS | 'own' {
  const names = Object.keys(PAYMENTS) as (keyof typeof PAYMENTS)[];
  return names.find((name) => JSON.stringify(PAYMENTS[name]) === JSON.stringify(stages)) ?? 'own';
}

/** A first draft that quotes every line of the request at its own quantity. */
export function freshQuote(rfq: Rfq): KeptQuote {
  return {
    lines: rfq.goods.map((line) => ({
      line: line.line,
      sku: '',
      ladder: [{ from_quantity: line.quantity, unit_price: '' }],
    })),
    lead_days: rfq.lead_days ?? 30,
    incoterm: { code: rfq.incoterm.code, place: rfq.incoterm.place },
    freight_minor: '0',
    validity_days: 30,
    stages: PAYMENTS.split,
    sample: null,
    aql: null,
    files: [],
    note: '',
  };
}

/** The newest version as a draft of the next. */
export function nextQuote(version: QuoteVersion): KeptQuote {
  return {
    lines: version.lines.map(({ line, product_id, sku, title, hs_code, ladder }) => ({
      line,
      product_id,
      sku,
      title,
      hs_code,
      ladder,
    })),
    lead_days: version.lead_days,
    incoterm: { code: version.incoterm.code, place: version.incoterm.place },
    freight_minor: version.freight_minor,
    validity_days: version.validity_days,
    stages: version.stages,
    sample: version.sample,
    aql: version.aql,
    files: version.files,
    note: version.note,
  };
}

/** What the quote comes to at the quantities wanted, in minor units; lines without a price count nothing. */
export function quoteTotal(draft: QuoteDraft, rfq: Rfq): bigint {
  const values = draft.lines.map((line) => {
    const wanted = parseQuantity(rfq.goods.find((one) => one.line === line.line)?.quantity ?? '');
    const rung = wanted === null ? null : rungFor(ladderOf(line.ladder), wanted);
    return wanted !== null && rung ? lineValue(wanted, rung.micros, rfq.currency) : 0n;
  });
  return values.reduce((sum, value) => sum + value, BigInt(draft.freight_minor || '0'));
}
