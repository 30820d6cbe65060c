import { Button, Textarea } from '@mantine/core';
import { ApiProblem, call } from '../../api/client';
import { useIntent } from '../../api/intent';
import { useKept } from '../../api/kept-state';
import type { Rfq, RfqClarification } from '../../api/types';
import { useTranslation } from '../../lib/i18n';
import { Badge } from '../../ui/badge';
import { Moment } from '../../ui/moment';
import { Panel } from '../../ui/page';
import { ProblemAlert, Unconfirmed, useProblemText } from '../../ui/problem';

const TEXT_MAX = 2_000;
const stale = (rfq: Rfq) => [['rfq', rfq.id]];

/** What suppliers asked about a request and the buyer answered before all of them. */
export function Clarifications({ rfq, acts, sells }: { rfq: Rfq; acts: boolean; sells: boolean }) {
  const { t } = useTranslation();
  const says = rfq.mine && acts && (rfq.state === 'open' || rfq.state === 'closed');
  const asks = sells && acts && rfq.state === 'open';
  if (rfq.clarifications.length === 0 && !says && !asks) return null;
  return (
    <Panel title={t('rfq.questions')}>
      <p className="dim tight">{t(rfq.mine ? 'rfq.questionsBuyer' : 'rfq.questionsSupplier')}</p>
      {rfq.clarifications.length > 0 ? (
        <ol className="clarifications">
          {rfq.clarifications.map((one) => (
            <One key={one.no} rfq={rfq} one={one} says={says} />
          ))}
        </ol>
      ) : null}
      {says ? <Say rfq={rfq} kind="clarify" /> : null}
      {asks ? <Say rfq={rfq} kind="ask" /> : null}
    </Panel>
  );
}

function One({ rfq, one, says }: { rfq: Rfq; one: RfqClarification; says: boolean }) {
  const { t } = useTranslation();
  return (
    <li>
      <span className="small dim">
        {one.question === null ? t('rfq.explained') : t('rfq.questionNo', { no: one.no })} ·{' '}
        <Moment at={one.at} />
        {one.asked_by ? ` · ${t('rfq.askedBy', { name: one.asked_by.name })}` : null}{' '}
        {one.mine ? <Badge>{t('rfq.askedByYou')}</Badge> : null}{' '}
        {one.answer === null ? <Badge tone="accent">{t('rfq.unanswered')}</Badge> : null}
      </span>
      {one.question === null ? null : <p className="tight strong said-plain">{one.question}</p>}
      {one.answer === null ? null : <p className="tight said-plain">{one.answer}</p>}
      {one.answer === null && says ? <Answer rfq={rfq} one={one} /> : null}
    </li>
  );
}

/** The buyer's answer; the question may be worded so that it does not tell who asked. */
function Answer({ rfq, one }: { rfq: Rfq; one: RfqClarification }) {
  const { t } = useTranslation();
  const { sayField } = useProblemText();
  const name = `answer/${rfq.id}/${one.no}`;
  const first = () => ({ question: one.question ?? '', text: '' });
  const [{ question, text }, put, forget] = useKept(name, first);
  const send = useIntent(
    name,
    (body: { question: string; text: string }, key: string) =>
      call('post', '/rfqs/{rfq}/questions/{no}/answer', {
        path: { rfq: rfq.id, no: String(one.no) },
        body,
        key,
      }),
    { invalidates: stale(rfq), onSuccess: () => forget(first()) },
  );
  const fields = send.error instanceof ApiProblem ? send.error.fields : [];
  const wrong = (pointer: string) => {
    const found = fields.find((field) => field.pointer === pointer);
    return found ? sayField(found) : undefined;
  };
  return (
    <form
      className="stack small"
      onSubmit={(event) => {
        event.preventDefault();
        send.mutate({ question, text });
      }}
    >
      <Textarea
        label={t('rfq.questionShown')}
        description={t('rfq.questionShownHint')}
        autosize
        minRows={1}
        maxLength={TEXT_MAX}
        value={question}
        error={wrong('/question')}
        onChange={(event) => put({ question: event.currentTarget.value })}
      />
      <Textarea
        label={t('rfq.answerAll')}
        required
        autosize
        minRows={2}
        maxLength={TEXT_MAX}
        value={text}
        error={wrong('/text')}
        onChange={(event) => put({ text: event.currentTarget.value })}
      />
      <Unconfirmed shown={send.unconfirmed} />
      <ProblemAlert fault={send.error} />
      <div className="row end">
        <Button type="submit" size="xs" loading={send.isPending} disabled={text.trim() === ''}>
          {t('rfq.answer')}
        </Button>
      </div>
    </form>
  );
}

/** A question of a supplier, or what the buyer explains to all. */
function Say({ rfq, kind }: { rfq: Rfq; kind: 'ask' | 'clarify' }) {
  const { t } = useTranslation();
  const { sayField } = useProblemText();
  const name = `${kind}/${rfq.id}`;
  const [{ text }, put, forget] = useKept(name, () => ({ text: '' }));
  const send = useIntent(
    name,
    (body: { text: string }, key: string) =>
      kind === 'ask'
        ? call('post', '/rfqs/{rfq}/questions', { path: { rfq: rfq.id }, body, key })
        : call('post', '/rfqs/{rfq}/clarifications', { path: { rfq: rfq.id }, body, key }),
    { invalidates: stale(rfq), onSuccess: () => forget({ text: '' }) },
  );
  const fault = send.error instanceof ApiProblem ? send.error.fields[0] : undefined;
  return (
    <form
      className="stack small"
      onSubmit={(event) => {
        event.preventDefault();
        send.mutate({ text });
      }}
    >
      <Textarea
        label={t(kind === 'ask' ? 'rfq.ask' : 'rfq.clarify')}
        autosize
        minRows={2}
        maxLength={TEXT_MAX}
        value={text}
        error={fault ? sayField(fault) : undefined}
        onChange={(event) => put({ text: event.currentTarget.value })}
      />
      <Unconfirmed shown={send.unconfirmed} />
      <ProblemAlert fault={send.error} />
      <div className="row end">
        <Button
          type="submit"
          size="xs"
          variant="default"
          loading={send.isPending}
          disabled={text.trim() === ''}
        >
          {t(kind === 'ask' ? 'rfq.askSend' : 'rfq.clarifySend')}
        </Button>
      </div>
    </form>
  );
}
