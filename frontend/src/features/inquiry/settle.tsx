import { Button, NativeSelect, Textarea } from '@mantine/core';
import { ApiProblem, call } from '../../api/client';
import { useIntent } from '../../api/intent';
import { useKept } from '../../api/kept-state';
import type { InquiryOutcome, InquirySettlementDraft, InquiryView, Side } from '../../api/types';
import { useTranslation } from '../../lib/i18n';
import { Moment } from '../../ui/moment';
import { ProblemAlert, Unconfirmed, useProblemText } from '../../ui/problem';

const OUTCOMES: InquiryOutcome[] = ['no_action', 'warn', 'block'];

/** What was decided about reports, as both companies read it. */
export function Settlements({ inquiry }: { inquiry: InquiryView }) {
  const { t } = useTranslation();
  const name = (side: Side) => (side === 'buyer' ? inquiry.buyer.name : inquiry.seller.name);
  return inquiry.settlements.map((one) => (
    <p key={one.at} className={one.against ? 'strip warn' : 'strip'} role="status">
      {t(`inquiry.settled.${one.outcome}`)}
      {one.against ? ` (${name(one.against)})` : ''} · <Moment at={one.at} />: {one.note}
    </p>
  ));
}

interface Form {
  outcome: InquiryOutcome;
  against: Side;
  note: string;
}

/** Where an admin or a teacher decides about a reported inquiry. */
export function Settle({ inquiry }: { inquiry: InquiryView }) {
  const { t } = useTranslation();
  const { sayField } = useProblemText();
  const name = `settle/${inquiry.id}/${inquiry.reports.length}`;
  // Whoever was reported is the other side of who reported.
  const accused: Side = inquiry.reports.at(-1)?.by === 'buyer' ? 'seller' : 'buyer';
  const first = (): Form => ({ outcome: 'no_action', against: accused, note: '' });
  const [{ outcome, against, note }, put, forget] = useKept<Form>(name, first);
  const send = useIntent(
    name,
    (body: InquirySettlementDraft, key: string) =>
      call('post', '/inquiries/{inquiry}/settle', { path: { inquiry: inquiry.id }, body, key }),
    { invalidates: [['inquiry', inquiry.id], ['inquiries']], onSuccess: () => forget(first()) },
  );
  const fields = send.error instanceof ApiProblem ? send.error.fields : [];
  const wrong = (pointer: string) => {
    const found = fields.find((field) => field.pointer === pointer);
    return found ? sayField(found) : undefined;
  };
  const sides = [
    { value: 'buyer', label: inquiry.buyer.name },
    { value: 'seller', label: inquiry.seller.name },
  ];
  return (
    <form
      className="stack small settle"
      aria-label={t('inquiry.settle')}
      onSubmit={(event) => {
        event.preventDefault();
        send.mutate({ outcome, note, ...(outcome === 'no_action' ? {} : { against }) });
      }}
    >
      <h3>{t('inquiry.settle')}</h3>
      <p className="dim tight">{t('inquiry.settleLead')}</p>
      <div className="cols">
        <NativeSelect
          label={t('inquiry.outcome')}
          value={outcome}
          onChange={(event) => put({ outcome: event.currentTarget.value as InquiryOutcome })}
          data={OUTCOMES.map((value) => ({ value, label: t(`inquiry.outcome.${value}`) }))}
        />
        {outcome === 'no_action' ? null : (
          <NativeSelect
            label={t('inquiry.against')}
            value={against}
            error={wrong('/against')}
            onChange={(event) => put({ against: event.currentTarget.value as Side })}
            data={sides}
          />
        )}
      </div>
      <Textarea
        label={t('inquiry.settleWhy')}
        required
        autosize
        minRows={2}
        maxLength={1000}
        value={note}
        error={wrong('/note')}
        onChange={(event) => put({ note: event.currentTarget.value })}
      />
      <Unconfirmed shown={send.unconfirmed} />
      <ProblemAlert fault={send.error} />
      <div className="row end">
        <Button type="submit" loading={send.isPending} disabled={note.trim() === ''} data-testid="settle">
          {t('inquiry.settle')}
        </Button>
      </div>
    </form>
  );
}
