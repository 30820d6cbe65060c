import { Button, NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useQueries, useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { ApiProblem, call } from '../../api/client';
import { useIntent } from '../../api/intent';
import { useKept } from '../../api/kept-state';
import { marketQuery, meQuery, productQuery } from '../../api/queries';
import type { FileRef, MeasuredPoint, Product, RfqDraft } from '../../api/types';
import { dateAfter } from '../../lib/dates';
import { useTranslation } from '../../lib/i18n';
import { CURRENCIES } from '../../lib/money';
import { ChooseFiles } from '../../ui/choose-files';
import { Loading, NotPermitted } from '../../ui/frame';
import { CountInput } from '../../ui/inputs';
import { Page, Panel } from '../../ui/page';
import { ProblemAlert, Unconfirmed, useProblemText } from '../../ui/problem';
import { QualityPoints } from '../../ui/quality-points';
import { Sampling } from '../../ui/sampling';
import { INCOTERMS } from './incoterms';
import { STALE } from './queries';
import { RfqLines } from './rfq-lines';
import './sourcing.css';

const route = getRouteApi('/shell/rfqs/new');
/** Specifications of one request at most. */
const FILES_MAX = 5;
/** What is kept of the form: the draft, and its files with their names. */
type Kept = RfqDraft & { files: FileRef[] };
/** Listed products a request is begun with at most. */
const LINES_BEGUN = 20;

export function NewRfq() {
  const search = route.useSearch();
  const wanted = (search.product ?? '').split(',').filter(Boolean).slice(0, LINES_BEGUN);
  const asked = useQueries({ queries: wanted.map((id) => productQuery(id)) });
  const { data: me } = useQuery(meQuery);
  const { data: market } = useQuery(marketQuery);
  if (!me || !market) return <Loading />;
  const company = me.seat.company;
  if (!company?.buys) return <NotPermitted />;
  if (asked.some((one) => one.isPending)) return <Loading />;
  const products = asked.flatMap((one) => (one.data ? [one.data] : []));
  const about = products.map((product) => product.id).join('-') || 'free';
  return (
    <Writer
      key={about}
      name={`${company.id}-${about}`}
      first={() => withProducts(empty(company.country, market.clock.now), products)}
    />
  );
}

/** The request with listed products as its first lines. */
function withProducts(draft: Kept, products: Product[]): Kept {
  const [first] = products;
  if (!first) return draft;
  const lines = products.map(({ id, title, category, hs_code, unit, moq }) => ({
    product_id: id,
    title,
    category,
    hs_code,
    unit,
    quantity: String(moq),
    target_price: null,
  }));
  return { ...draft, title: first.title, currency: first.currency, lines };
}

function empty(country: string, now: string): Kept {
  return {
    title: '',
    lines: [],
    currency: 'USD',
    destination: country,
    origin: null,
    incoterm: { code: 'FOB', place: '' },
    lead_days: 30,
    seats: 10,
    visibility: 'board',
    deadline: dateAfter(now, 14),
    quality_points: [],
    aql: null,
    files: [],
    notes: '',
  };
}

function Writer({ name, first }: { name: string; first: () => Kept }) {
  const { t } = useTranslation();
  const { sayField } = useProblemText();
  const navigate = useNavigate();
  const [{ files = [], ...draft }, put, forget] = useKept<Kept>(`rfq/${name}`, first);
  const publish = useIntent(
    `rfq/${name}`,
    (body: RfqDraft, key: string) => call('post', '/rfqs', { body, key }),
    {
      invalidates: STALE,
      onSuccess: (receipt) => {
        forget(first());
        void navigate({ to: '/rfqs/$id', params: { id: receipt.id } });
      },
    },
  );
  const fields = publish.error instanceof ApiProblem ? publish.error.fields : [];
  const wrong = (pointer: string) => {
    const found = fields.find((field) => field.pointer === pointer);
    return found ? sayField(found) : undefined;
  };
  return (
    <Page title={t('nav.newRfq')} lead={t('rfq.newLead')}>
      <form
        className="split"
        onSubmit={(event) => {
          event.preventDefault();
          publish.mutate({ ...draft, file_ids: files.map((file) => file.id) });
        }}
      >
        <div className="stack">
          <Panel title={t('rfq.about')}>
            <TextInput
              required
              label={t('rfq.subject')}
              value={draft.title}
              error={wrong('/title')}
              onChange={(e) => put({ title: e.currentTarget.value })}
            />
            <div className="cols">
              <TextInput
                required
                label={t('rfq.destination')}
                maxLength={2}
                value={draft.destination}
                error={wrong('/destination')}
                onChange={(e) => put({ destination: e.currentTarget.value.toUpperCase() })}
              />
              <TextInput
                label={t('rfq.origin')}
                maxLength={2}
                value={draft.origin ?? ''}
                error={wrong('/origin')}
                onChange={(e) => put({ origin: e.currentTarget.value.toUpperCase() || null })}
              />
              <NativeSelect
                label={t('rfq.currency')}
                value={draft.currency}
                error={wrong('/currency')}
                onChange={(e) => put({ currency: e.currentTarget.value })}
                data={CURRENCIES}
              />
              <NativeSelect
                label={t('product.incoterm')}
                value={draft.incoterm.code}
                error={wrong('/incoterm/code')}
                onChange={(e) => put({ incoterm: { ...draft.incoterm, code: e.currentTarget.value } })}
                data={INCOTERMS}
              />
              <TextInput
                required
                label={t('draft.place')}
                value={draft.incoterm.place}
                error={wrong('/incoterm/place')}
                onChange={(e) => put({ incoterm: { ...draft.incoterm, place: e.currentTarget.value } })}
              />
              <CountInput
                label={t('rfq.leadDays')}
                count={draft.lead_days ?? 0}
                error={wrong('/lead_days')}
                onCount={(days) => put({ lead_days: days || null })}
              />
            </div>
          </Panel>
          <RfqLines
            lines={draft.lines}
            currency={draft.currency}
            onLines={(lines) => put({ lines })}
            wrong={wrong}
          />
          <Panel title={t('rfq.quality')}>
            <p className="dim tight">{t('rfq.qualityHint')}</p>
            <QualityPoints
              points={(draft.quality_points ?? []) as MeasuredPoint[]}
              onPoints={(points) =>
                put({ quality_points: points.filter((point) => typeof point !== 'string') })
              }
              wrong={wrong}
            />
            <Sampling aql={draft.aql ?? null} onAql={(aql) => put({ aql })} wrong={wrong} />
            <div className="stack small">
              <span className="small strong">{t('rfq.files')}</span>
              <span className="dim small">{t('rfq.filesHint')}</span>
              <div className="row">
                <ChooseFiles
                  name={`rfq-file/${name}`}
                  files={files}
                  onFiles={(next) => put({ files: next })}
                  send={(sent, key) => call('post', '/sourcing-files', { ...sent, key })}
                  max={FILES_MAX}
                />
              </div>
              {wrong('/file_ids') ? <p className="field-error">{wrong('/file_ids')}</p> : null}
            </div>
            <Textarea
              label={t('draft.notes')}
              autosize
              minRows={2}
              value={draft.notes ?? ''}
              error={wrong('/notes')}
              onChange={(e) => put({ notes: e.currentTarget.value })}
            />
          </Panel>
        </div>
        <div className="rfq-side">
          <Panel title={t('rfq.who')}>
            <NativeSelect
              label={t('rfq.visibility')}
              description={t(`rfq.visibilityHint.${draft.visibility === 'invited' ? 'invited' : 'board'}`)}
              value={draft.visibility ?? 'board'}
              onChange={(e) => put({ visibility: e.currentTarget.value })}
              data={(['board', 'invited'] as const).map((value) => ({
                value,
                label: t(`rfq.visibility.${value}`),
              }))}
            />
            <CountInput
              label={t('rfq.seats')}
              count={draft.seats ?? 10}
              error={wrong('/seats')}
              onCount={(seats) => put({ seats })}
            />
            <TextInput
              required
              type="date"
              label={t('rfq.deadline')}
              description={t('rfq.deadlineHint')}
              value={draft.deadline}
              error={wrong('/deadline')}
              onChange={(e) => put({ deadline: e.currentTarget.value })}
            />
            <Unconfirmed shown={publish.unconfirmed} />
            <ProblemAlert fault={publish.error} />
            <Button type="submit" loading={publish.isPending} disabled={draft.lines.length === 0}>
              {t('rfq.publish')}
            </Button>
            <p className="dim tight small">{t('rfq.sealed')}</p>
          </Panel>
        </div>
      </form>
    </Page>
  );
}
