import { Button, Textarea, TextInput } from '@mantine/core';
import { ApiProblem, call } from '../../api/client';
import { useIntent } from '../../api/intent';
import { useKept } from '../../api/kept-state';
import type { Quote, QuoteCounter, QuoteVersion, Rfq } from '../../api/types';
import { useTranslation } from '../../lib/i18n';
import { Badge } from '../../ui/badge';
import { FileList } from '../../ui/choose-files';
import { Moment } from '../../ui/moment';
import { useNames } from '../../ui/names';
import { Panel } from '../../ui/page';
import { ProblemAlert, Unconfirmed, useProblemText } from '../../ui/problem';
import { priceWanted } from './award-sums';
import { STALE } from './queries';
import { QuoteChanges } from './quote-changes';

const TONES = { standing: 'accent', agreed: 'good', passed: 'plain' } as const;

/** Counter-offers to one quote, the newest first, each with what it would change. */
export function CounterList({ counters }: { counters: QuoteCounter[] }) {
  const { t } = useTranslation();
  return (
    <ul className="counters">
      {counters.map((counter) => (
        <li key={counter.no}>
          <span className="strong">{t('rfq.counterNo', { no: counter.no, version: counter.version })}</span>{' '}
          <Badge tone={TONES[counter.state]}>{t(`rfq.counterState.${counter.state}`)}</Badge>{' '}
          <span className="dim small">
            <Moment at={counter.at} />
          </span>
          <QuoteChanges changes={counter.changes} />
          {counter.note ? <p className="tight small">{counter.note}</p> : null}
        </li>
      ))}
    </ul>
  );
}

/** The supplier's side: what the buyer asks for, and one button that agrees to exactly that. */
export function CounterAnswer({ quote, acts }: { quote: Quote; acts: boolean }) {
  const { t } = useTranslation();
  const standing = quote.counters.find((counter) => counter.state === 'standing');
  const agree = useIntent(
    `agree/${quote.id}`,
    (counter: number, key: string) =>
      call('post', '/quotes/{quote}/agree', { path: { quote: quote.id }, body: { counter }, key }),
    { invalidates: STALE },
  );
  if (quote.counters.length === 0) return null;
  return (
    <section className="stack" aria-label={t('rfq.counters')}>
      <h3>{t('rfq.counters')}</h3>
      <CounterList counters={quote.counters} />
      <Unconfirmed shown={agree.unconfirmed} />
      <ProblemAlert fault={agree.error} />
      {standing && acts ? (
        <>
          <Button loading={agree.isPending} onClick={() => agree.mutate(standing.no)}>
            {t('rfq.agree', { no: standing.no })}
          </Button>
          <p className="dim tight small">{t('rfq.agreeHint')}</p>
        </>
      ) : null}
    </section>
  );
}

/** The buyer's side: every quote that stands, with what was asked for and a form to ask for something else. */
export function Negotiations({ rfq, quotes, acts }: { rfq: Rfq; quotes: Quote[]; acts: boolean }) {
  const { t } = useTranslation();
  // Where nothing can be asked for any more, only what was asked or enclosed is left to read.
  const told = ({ counters, versions: [newest] }: Quote) =>
    counters.length > 0 || Boolean(newest?.aql) || (newest?.files.length ?? 0) > 0;
  const live = quotes.filter((quote) => (acts && quote.state === 'live') || told(quote));
  if (live.length === 0) return null;
  return (
    <Panel title={t('rfq.negotiate')}>
      {acts ? <p className="dim tight">{t('rfq.negotiateHint')}</p> : null}
      {live.map((quote) => (
        <details key={quote.id} open={quote.counters.some((counter) => counter.state === 'standing')}>
          <summary>
            {quote.supplier.name} · {quote.number} · {t('rfq.versionNo', { no: quote.versions[0]?.no ?? 1 })}
          </summary>
          <div className="stack">
            <Shown quote={quote} />
            <CounterList counters={quote.counters} />
            {acts && quote.state === 'live' && quote.versions[0] ? (
              <CounterForm key={quote.versions[0].no} rfq={rfq} quote={quote} newest={quote.versions[0]} />
            ) : null}
          </div>
        </details>
      ))}
    </Panel>
  );
}

/** What the newest version says beside its prices. */
export function Shown({ quote }: { quote: Quote }) {
  const { t } = useTranslation();
  const newest = quote.versions[0];
  if (!newest) return null;
  return (
    <>
      {newest.aql ? <p className="tight small">{t('quality.aqlText', { ...newest.aql })}</p> : null}
      {newest.files.length > 0 ? <FileList files={newest.files} folder="sourcing-files" /> : null}
    </>
  );
}

interface Asked {
  prices: Record<string, string>;
  lead: string;
  note: string;
}

function CounterForm({ rfq, quote, newest }: { rfq: Rfq; quote: Quote; newest: QuoteVersion }) {
  const { t } = useTranslation();
  const names = useNames();
  const { sayField } = useProblemText();
  const name = `counter/${quote.id}/${newest.no}`;
  const [asked, put, forget] = useKept<Asked>(name, () => ({ prices: {}, lead: '', note: '' }));
  const lines = newest.lines.filter((line) => (asked.prices[line.line] ?? '').trim() !== '');
  const send = useIntent(
    name,
    (_: null, key: string) =>
      call('post', '/quotes/{quote}/counter', {
        path: { quote: quote.id },
        body: {
          version: newest.no,
          lines: lines.map((line) => ({ line: line.line, unit_price: asked.prices[line.line] ?? '' })),
          lead_days: asked.lead === '' ? null : Number(asked.lead),
          note: asked.note,
        },
        key,
      }),
    { invalidates: STALE, onSuccess: () => forget({ prices: {}, lead: '', note: '' }) },
  );
  const fields = send.error instanceof ApiProblem ? send.error.fields : [];
  const wrong = (pointer: string) => {
    const found = fields.find((field) => field.pointer === pointer);
    return found ? sayField(found) : undefined;
  };
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        send.mutate(null);
      }}
    >
      <div className="cols">
        {newest.lines.map((line) => {
          const wanted = rfq.goods.find((one) => one.line === line.line);
          const present = priceWanted(line.ladder, wanted?.quantity ?? '', quote.currency);
          const at = lines.findIndex((one) => one.line === line.line);
          return (
            <TextInput
              key={line.line}
              label={t('rfq.askPrice', {
                line: line.line,
                currency: quote.currency,
              })}
              description={
                present === null
                  ? t('rfq.belowMoq', { moq: line.moq })
                  : t('rfq.quotedPrice', { price: names.quantity(present) })
              }
              inputMode="decimal"
              value={asked.prices[line.line] ?? ''}
              error={at < 0 ? undefined : (wrong(`/lines/${at}/unit_price`) ?? wrong(`/lines/${at}/line`))}
              onChange={(e) => put({ prices: { ...asked.prices, [line.line]: e.currentTarget.value } })}
            />
          );
        })}
        <TextInput
          label={t('rfq.leadDays')}
          description={t('rfq.quotedPrice', { price: newest.lead_days })}
          inputMode="numeric"
          value={asked.lead}
          error={wrong('/lead_days')}
          onChange={(e) => put({ lead: e.currentTarget.value.replace(/\D/g, '').slice(0, 4) })}
        />
      </div>
      <Textarea
        label={t('rfq.counterNote')}
        autosize
        minRows={1}
        maxRows={6}
        value={asked.note}
        error={wrong('/note')}
        onChange={(e) => put({ note: e.currentTarget.value })}
      />
      {wrong('/lines') ? <p className="field-error">{wrong('/lines')}</p> : null}
      <Unconfirmed shown={send.unconfirmed} />
      <ProblemAlert fault={send.error} />
      <Button
        type="submit"
        variant="default"
        loading={send.isPending}
        disabled={lines.length === 0 && asked.lead === ''}
      >
        {t('rfq.counter')}
      </Button>
    </form>
  );
}
