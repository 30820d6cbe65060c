import { Button, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { call } from '../../api/client';
import { useIntent } from '../../api/intent';
import { useKept } from '../../api/kept-state';
import type { Comparison, ComparisonCell, ComparisonRow, Quote, Rfq } from '../../api/types';
import { useTranslation } from '../../lib/i18n';
import { parsePrice } from '../../lib/ladder';
import { Badge } from '../../ui/badge';
import { Frame } from '../../ui/frame';
import { Moment } from '../../ui/moment';
import { MoneyText } from '../../ui/money';
import { useNames } from '../../ui/names';
import { Panel } from '../../ui/page';
import { ProblemAlert, Unconfirmed } from '../../ui/problem';
import { LevelOf } from '../../ui/proof';
import { Scroll } from '../../ui/scroll';
import { type Choice, partsOf, partValue } from './award-sums';
import { comparisonQuery, quotesQuery, STALE } from './queries';
import './sourcing.css';

/** Quotes side by side, the cheapest at the door marked, with the quantities to award in the cells. */
export function CompareTable({ rfq, acts }: { rfq: Rfq; acts: boolean }) {
  const { t } = useTranslation();
  const asked = useQuery(comparisonQuery(rfq.id));
  const quotes = useQuery(quotesQuery(rfq.id));
  return (
    <Panel
      title={t('rfq.comparison')}
      aside={<a href={`/api/v1/rfqs/${rfq.id}/comparison.csv`}>{t('rfq.csv')}</a>}
    >
      <Frame asked={asked} rows={4}>
        {(table) => (
          <Table
            key={table.columns.map((column) => `${column.quote_id}.${column.version}`).join()}
            rfq={rfq}
            table={table}
            quotes={quotes.data?.items ?? []}
            acts={acts}
          />
        )}
      </Frame>
    </Panel>
  );
}

interface TableProps {
  rfq: Rfq;
  table: Comparison;
  quotes: Quote[];
  acts: boolean;
}

function Table({ rfq, table, quotes, acts }: TableProps) {
  const { t } = useTranslation();
  const [choice, put, forget] = useKept<Choice>(`award/${rfq.id}`, () => ({}));
  const award = useIntent(
    `award/${rfq.id}`,
    (awards: ReturnType<typeof partsOf>, key: string) =>
      call('post', '/rfqs/{rfq}/award', { path: { rfq: rfq.id }, body: { awards }, key }),
    { invalidates: STALE, onSuccess: () => forget({}) },
  );
  const quoteOf = (id: string) => quotes.find((quote) => quote.id === id);
  const type = (quote: string, line: number, quantity: string) =>
    put({ [quote]: { ...choice[quote], [line]: quantity } });
  const takeBest = () => {
    const best: Choice = {};
    for (const row of table.rows) {
      const at = row.cells.findIndex((cell) => cell.best);
      const column = table.columns[at];
      if (column) best[column.quote_id] = { ...best[column.quote_id], [row.line]: row.quantity };
    }
    put({ ...Object.fromEntries(table.columns.map((column) => [column.quote_id, {}])), ...best });
  };
  const parts = partsOf(choice, quotes);
  /** Quantities typed for which the quote names no price. */
  const unpriced = new Set<string>();
  const values = parts.flatMap((part) =>
    part.lines.map((line) => {
      const row = table.rows.find((one) => one.line === line.line);
      const at = table.columns.findIndex((column) => column.quote_id === part.quote_id);
      const cell = row?.cells[at];
      const value = partValue(quoteOf(part.quote_id), line.line, line.quantity, cell, row?.quantity ?? '');
      if (value === null) unpriced.add(`${part.quote_id}/${line.line}`);
      return value;
    }),
  );
  const total = values.reduce<bigint | null>(
    (sum, value) => (sum === null || value === null ? null : sum + value),
    0n,
  );
  return (
    <div className="stack">
      <Scroll label={t('rfq.comparison')}>
        <table className="grid compare">
          <Head table={table} />
          <tbody>
            {table.rows.map((row) => (
              <Row
                key={row.line}
                row={row}
                table={table}
                acts={acts}
                choice={choice}
                unpriced={unpriced}
                onType={type}
              />
            ))}
          </tbody>
        </table>
      </Scroll>
      <p className="dim tight small">
        {table.rates_known
          ? t('rfq.illustrative', { date: table.illustrative_on })
          : t('rfq.ratesUnknown', { country: table.destination })}
      </p>
      {acts ? (
        <>
          <Unconfirmed shown={award.unconfirmed} />
          <ProblemAlert fault={award.error} />
          <div className="row between">
            <Button variant="default" onClick={takeBest}>
              {t('rfq.takeBest')}
            </Button>
            <span role="status">
              {t('rfq.awardSum', { count: parts.length })}{' '}
              <MoneyText
                value={total === null ? null : { minor: total.toString(), currency: table.currency }}
                strong
              />
            </span>
            <Button
              loading={award.isPending}
              disabled={parts.length === 0 || total === null}
              onClick={() => award.mutate(parts)}
            >
              {t('rfq.award')}
            </Button>
          </div>
          <p className="dim tight small">{t('rfq.awardHint')}</p>
        </>
      ) : null}
    </div>
  );
}

function Head({ table }: { table: Comparison }) {
  const { t } = useTranslation();
  const names = useNames();
  /** The lines that the sum of this column is for. */
  const priced = (at: number) => table.rows.filter((row) => row.cells[at]?.landed_unit).length;
  return (
    <thead>
      <tr>
        <th scope="col">{t('draft.goods')}</th>
        {table.columns.map((column, at) => (
          <th scope="col" key={column.quote_id}>
            <div className="strong">{column.supplier.name}</div>
            <div>
              <LevelOf company={column.supplier.id} />
            </div>
            <div>
              {column.number} · {t('rfq.versionNo', { no: column.version })}
            </div>
            <div>
              {column.stands ? (
                <>
                  {t('rfq.validUntil')} <Moment at={column.valid_until} date />
                </>
              ) : (
                <Badge tone="bad">{t('status.expired')}</Badge>
              )}
            </div>
            <div>{names.incoterm(column.incoterm)}</div>
            <div>{t('rfq.days', { count: column.lead_days })}</div>
            <div>
              {column.stages
                .map((stage) => `${stage.share_bps / 100}% ${t(`trigger.${stage.trigger}`)}`)
                .join(', ')}
            </div>
            <div>
              {t('rfq.landed')} <MoneyText value={column.total} />
            </div>
            {priced(at) < table.rows.length ? (
              <Badge tone="warn">{t('rfq.linesPriced', { count: priced(at), all: table.rows.length })}</Badge>
            ) : null}
            {column.freight_missing ? <Badge tone="warn">{t('rfq.freightMissing')}</Badge> : null}
          </th>
        ))}
      </tr>
    </thead>
  );
}

function Row({
  row,
  table,
  acts,
  choice,
  unpriced,
  onType,
}: {
  row: ComparisonRow;
  table: Comparison;
  acts: boolean;
  choice: Choice;
  unpriced: Set<string>;
  onType: (quote: string, line: number, quantity: string) => void;
}) {
  const { t } = useTranslation();
  const names = useNames();
  return (
    <tr>
      <td>
        {row.line}. {row.title}
        <div className="dim num">
          {names.quantity(row.quantity)} {names.unit(row.unit)}
        </div>
      </td>
      {table.columns.map((column, at) => {
        const cell = row.cells[at];
        return (
          <td key={column.quote_id} className={cell?.best ? 'best' : undefined}>
            {cell ? <CellText cell={cell} currency={table.currency} /> : null}
            {acts && column.stands && cell && cell.state !== 'declined' ? (
              <TextInput
                size="xs"
                inputMode="decimal"
                placeholder="0"
                aria-label={t('rfq.quantityFrom', { line: row.line, name: column.supplier.name })}
                value={choice[column.quote_id]?.[row.line] ?? ''}
                error={unpriced.has(`${column.quote_id}/${row.line}`) ? t('rfq.unpriced') : undefined}
                onChange={(e) => onType(column.quote_id, row.line, e.currentTarget.value)}
              />
            ) : null}
          </td>
        );
      })}
    </tr>
  );
}

function CellText({ cell, currency }: { cell: ComparisonCell; currency: string }) {
  const { t } = useTranslation();
  const names = useNames();
  const price = (text: string | null | undefined) => names.price(parsePrice(text ?? ''), currency);
  if (cell.state === 'declined') return <span className="dim">{t('rfq.declined')}</span>;
  if (cell.state === 'below_moq')
    return <span className="dim">{t('rfq.belowMoq', { moq: names.quantity(cell.moq ?? '') })}</span>;
  return (
    <>
      <div className="num strong">
        {price(cell.landed_unit)} {cell.best ? <Badge tone="good">{t('rfq.best')}</Badge> : null}
      </div>
      {cell.rates_known ? null : <Badge tone="warn">{t('rfq.ratesMissing')}</Badge>}
      <details>
        <summary>{t('rfq.unitPriceOf', { price: price(cell.unit_price) })}</summary>
        <dl className="facts">
          {(['goods', 'freight', 'duty', 'vat', 'fee', 'landed'] as const).map((part) => [
            <dt key={part}>{t(`rfq.part.${part}`)}</dt>,
            <dd key={`${part}-value`}>
              {(part === 'duty' || part === 'vat') && !cell.rates_known ? (
                '?'
              ) : (
                <MoneyText value={cell[part]} />
              )}
            </dd>,
          ])}
        </dl>
      </details>
    </>
  );
}
