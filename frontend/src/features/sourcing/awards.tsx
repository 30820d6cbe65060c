import { Button, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { call } from '../../api/client';
import { marketQuery } from '../../api/queries';
import type { Award, Rfq } from '../../api/types';
import { useTranslation } from '../../lib/i18n';
import { parsePrice } from '../../lib/ladder';
import { Badge } from '../../ui/badge';
import { MoneyText } from '../../ui/money';
import { useNames } from '../../ui/names';
import { Panel } from '../../ui/page';
import { PaperLinks } from '../../ui/paper-links';
import { ProblemAlert, useProblemText } from '../../ui/problem';
import { STALE } from './queries';

/** What was awarded, with the order or the contact that followed. */
export function Awards({ rfq, acts }: { rfq: Rfq; acts: boolean }) {
  const { t } = useTranslation();
  return (
    <Panel title={t('rfq.awards')}>
      {rfq.awards.map((award) => (
        <One key={award.quote_id} rfq={rfq} award={award} acts={acts} />
      ))}
    </Panel>
  );
}

function One({ rfq, award, acts }: { rfq: Rfq; award: Award; acts: boolean }) {
  const { t } = useTranslation();
  const names = useNames();
  const { say } = useProblemText();
  const { data: market } = useQuery(marketQuery);
  // Where the market has contracts the buyer has a draft of the order, which its supplier sees once it is offered.
  const contracts = market?.capabilities.some((one) => one.name === 'contract' && one.on);
  const comes = contracts === true && !rfq.mine && !award.order;
  return (
    <section className="stack small" aria-label={award.supplier.name}>
      <div className="row between">
        <strong>{award.supplier.name}</strong>
        <MoneyText value={award.total} strong />
      </div>
      <ul className="effect">
        {award.lines.map((line) => (
          <li key={line.line}>
            <span>
              {line.line}. {rfq.goods.find((one) => one.line === line.line)?.title} ·{' '}
              <span className="num">
                {names.quantity(line.quantity)} × {names.price(parsePrice(line.unit_price), rfq.currency)}
              </span>
            </span>
            <MoneyText value={line.value} />
          </li>
        ))}
        <li>
          <span>{t('rfq.part.freight')}</span>
          <MoneyText value={award.freight} />
        </li>
      </ul>
      <PaperLinks
        path={
          award.order ? `/orders/${award.order.id}/papers/proforma` : `/quotes/${award.quote_id}/proforma`
        }
        title={t('papers.proforma')}
      />
      {award.order ? (
        <p className="tight">
          {t('rfq.orderDrafted')}{' '}
          <Link to="/orders/$id" params={{ id: award.order.id }}>
            {award.order.number}
          </Link>
        </p>
      ) : null}
      {award.order_refused ? (
        <p className="tight field-error">{say({ code: award.order_refused, detail: award.order_refused })}</p>
      ) : null}
      {award.contact ? (
        <p className="tight">
          {t('rfq.contact')} {award.contact.name} ·{' '}
          <a href={`mailto:${award.contact.email}`}>{award.contact.email}</a>
        </p>
      ) : null}
      {award.order ? null : (
        <p className="dim tight small">{t(comes ? 'rfq.orderComes' : 'rfq.noGuarantee')}</p>
      )}
      {award.outcomes.map((outcome) => (
        <p key={outcome.by} className="tight">
          {t(`role.${outcome.by}`)}:{' '}
          <Badge tone={outcome.dealt ? 'good' : 'bad'}>
            {t(outcome.dealt ? 'rfq.dealt' : 'rfq.notDealt')}
          </Badge>{' '}
          {outcome.note}
        </p>
      ))}
      {acts && !award.order && !comes ? <Tell rfq={rfq} quote={award.quote_id} /> : null}
    </section>
  );
}

function Tell({ rfq, quote }: { rfq: Rfq; quote: string }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [note, setNote] = useState('');
  const tell = useMutation({
    mutationFn: (dealt: boolean) =>
      call('post', '/rfqs/{rfq}/outcome', { path: { rfq: rfq.id }, body: { quote_id: quote, dealt, note } }),
    onSuccess: () => setNote(''),
    onSettled: () => {
      for (const queryKey of STALE) void client.invalidateQueries({ queryKey });
    },
  });
  return (
    <>
      <ProblemAlert fault={tell.error} />
      <div className="row bottom">
        <TextInput
          className="grow"
          label={t('rfq.outcomeNote')}
          value={note}
          onChange={(e) => setNote(e.currentTarget.value)}
        />
        <Button variant="default" loading={tell.isPending} onClick={() => tell.mutate(true)}>
          {t('rfq.dealt')}
        </Button>
        <Button variant="default" loading={tell.isPending} onClick={() => tell.mutate(false)}>
          {t('rfq.notDealt')}
        </Button>
      </div>
    </>
  );
}
