import { Button, Checkbox, NativeSelect, Textarea, TextInput } from '@mantine/core';
import { ApiProblem, call } from '../../api/client';
import { useIntent } from '../../api/intent';
import { useKept } from '../../api/kept-state';
import type { Quote, QuoteDraft, Rfq } from '../../api/types';
import { useTranslation } from '../../lib/i18n';
import { ChooseFiles } from '../../ui/choose-files';
import { AmountInput, CountInput } from '../../ui/inputs';
import { MoneyText } from '../../ui/money';
import { ProblemAlert, Unconfirmed, useProblemText } from '../../ui/problem';
import { Sampling } from '../../ui/sampling';
import { INCOTERMS } from './incoterms';
import { STALE } from './queries';
import { QuoteLines } from './quote-lines';
import { type KeptQuote, PAYMENTS, paymentOf, quoteTotal } from './quote-model';
import './sourcing.css';

interface Props {
  rfq: Rfq;
  /** The quote to revise; without one a first quote is submitted. */
  quote?: Quote;
  initial: () => KeptQuote;
}

/** One page to quote every line, with the total at the quantities wanted before it is sent. */
export function QuoteForm({ rfq, quote, initial }: Props) {
  const { t } = useTranslation();
  const { sayField } = useProblemText();
  const name = quote ? `quote/${quote.id}/${quote.versions.length}` : `quote/${rfq.id}`;
  const [{ files = [], ...draft }, put, forget] = useKept<KeptQuote>(name, initial);
  const send = useIntent(
    name,
    (body: QuoteDraft, key: string) =>
      quote
        ? call('post', '/quotes/{quote}/revise', { path: { quote: quote.id }, body, key })
        : call('post', '/rfqs/{rfq}/quotes', { path: { rfq: rfq.id }, body, key }),
    { invalidates: STALE, onSuccess: () => forget({ ...draft, files }) },
  );
  const fields = send.error instanceof ApiProblem ? send.error.fields : [];
  const wrong = (pointer: string) => {
    const found = fields.find((field) => field.pointer === pointer);
    return found ? sayField(found) : undefined;
  };
  const payment = paymentOf(draft.stages);
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        send.mutate({ ...draft, file_ids: files.map((file) => file.id) });
      }}
    >
      <QuoteLines rfq={rfq} lines={draft.lines} onLines={(lines) => put({ lines })} wrong={wrong} />
      <div className="cols">
        <CountInput
          label={t('rfq.leadDays')}
          count={draft.lead_days}
          error={wrong('/lead_days')}
          onCount={(days) => put({ lead_days: days })}
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
        <AmountInput
          label={t('rfq.freight')}
          minor={draft.freight_minor ?? '0'}
          currency={rfq.currency}
          error={wrong('/freight_minor')}
          onMinor={(freight_minor) => put({ freight_minor })}
        />
        <CountInput
          label={t('rfq.validity')}
          count={draft.validity_days}
          error={wrong('/validity_days')}
          onCount={(days) => put({ validity_days: days })}
        />
        <NativeSelect
          label={t('draft.stages')}
          value={payment}
          error={wrong('/stages')}
          onChange={(e) => {
            const stages = PAYMENTS[e.currentTarget.value as keyof typeof PAYMENTS];
            if (stages) put({ stages });
          }}
          data={[
            ...(payment === 'own' ? [{ value: 'own', label: t('rfq.stagesOwn') }] : []),
            ...(['split', 'before', 'retention'] as const).map((value) => ({
              value,
              label: t(`draft.preset.${value}`),
            })),
          ]}
        />
      </div>
      <Checkbox
        label={t('rfq.sample')}
        checked={Boolean(draft.sample)}
        onChange={(e) => put({ sample: e.currentTarget.checked ? { price_minor: '0', lead_days: 7 } : null })}
      />
      {draft.sample ? (
        <div className="cols">
          <AmountInput
            label={t('rfq.samplePrice')}
            minor={draft.sample.price_minor}
            currency={rfq.currency}
            error={wrong('/sample/price_minor')}
            onMinor={(price_minor) =>
              put({ sample: { lead_days: draft.sample?.lead_days ?? 7, price_minor } })
            }
          />
          <CountInput
            label={t('rfq.sampleDays')}
            count={draft.sample.lead_days}
            error={wrong('/sample/lead_days')}
            onCount={(lead_days) =>
              put({ sample: { price_minor: draft.sample?.price_minor ?? '0', lead_days } })
            }
          />
        </div>
      ) : null}
      <Sampling
        aql={draft.aql ?? null}
        onAql={(aql) => put({ aql })}
        wrong={wrong}
        none={rfq.aql ? t('rfq.samplingAsAsked') : undefined}
      />
      <div className="stack small">
        <span className="small strong">{t('rfq.attachments')}</span>
        <span className="dim small">{t('rfq.attachmentsHint')}</span>
        <div className="row">
          <ChooseFiles
            name={`quote-file/${name}`}
            files={files}
            onFiles={(next) => put({ files: next })}
            send={(sent, key) => call('post', '/sourcing-files', { ...sent, key })}
            max={5}
          />
        </div>
        {wrong('/file_ids') ? <p className="field-error">{wrong('/file_ids')}</p> : null}
      </div>
      <Textarea
        label={t('draft.notes')}
        autosize
        minRows={2}
        value={draft.note ?? ''}
        error={wrong('/note')}
        onChange={(e) => put({ note: e.currentTarget.value })}
      />
      <Unconfirmed shown={send.unconfirmed} />
      <ProblemAlert fault={send.error} />
      <div className="row between">
        <span role="status">
          {t('rfq.quoteTotal')}{' '}
          <MoneyText value={{ minor: quoteTotal(draft, rfq).toString(), currency: rfq.currency }} strong />
        </span>
        <Button type="submit" loading={send.isPending} disabled={draft.lines.length === 0}>
          {quote ? t('rfq.revise') : t('rfq.submit')}
        </Button>
      </div>
      <p className="dim tight small">{t('rfq.sealed')}</p>
    </form>
  );
}
