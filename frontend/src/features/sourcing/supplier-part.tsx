import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../../api/client';
import type { Quote, Rfq } from '../../api/types';
import { useTranslation } from '../../lib/i18n';
import { Badge, StatusBadge } from '../../ui/badge';
import { FileList } from '../../ui/choose-files';
import { Frame } from '../../ui/frame';
import { Moment } from '../../ui/moment';
import { Panel } from '../../ui/page';
import { ProblemAlert } from '../../ui/problem';
import { CounterAnswer } from './counters';
import { quotaQuery, quotesQuery, STALE } from './queries';
import { QuoteChanges } from './quote-changes';
import { QuoteForm } from './quote-form';
import { freshQuote, nextQuote } from './quote-model';
import { Quoted } from './quoted';

/** What a supplier does with a request: quote, revise, take back. It never sees another's quote. */
export function SupplierPart({ rfq, acts }: { rfq: Rfq; acts: boolean }) {
  const { t } = useTranslation();
  const asked = useQuery(quotesQuery(rfq.id));
  const { data: quota } = useQuery(quotaQuery);
  return (
    <Frame asked={asked} rows={4}>
      {({ items }) => {
        const own = items.find((quote) => quote.state !== 'withdrawn');
        // Once the last day is over, only what the buyer asked for can be answered.
        const asked = own?.counters.some((counter) => counter.state === 'standing') ?? false;
        const answers = rfq.state === 'open' || (rfq.state === 'closed' && asked);
        if (own) return <OwnQuote rfq={rfq} quote={own} acts={acts && answers} />;
        if (rfq.state !== 'open' || !acts) return null;
        if (rfq.seats_left === 0) return <p className="dim">{t('rfq.full')}</p>;
        return (
          <Panel
            title={t('rfq.yourQuote')}
            aside={quota ? <span className="dim">{t('rfq.quotaLeft', { left: quota.left })}</span> : null}
          >
            <QuoteForm rfq={rfq} initial={() => freshQuote(rfq)} />
          </Panel>
        );
      }}
    </Frame>
  );
}

function OwnQuote({ rfq, quote, acts }: { rfq: Rfq; quote: Quote; acts: boolean }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [sure, setSure] = useState(false);
  const newest = quote.versions[0];
  const withdraw = useMutation({
    mutationFn: () => call('post', '/quotes/{quote}/withdraw', { path: { quote: quote.id } }),
    onSettled: () => {
      for (const queryKey of STALE) void client.invalidateQueries({ queryKey });
    },
  });
  return (
    <Panel
      title={`${t('rfq.yourQuote')} ${quote.number}`}
      aside={
        quote.awarded ? (
          <Badge tone="good">{t('status.awarded')}</Badge>
        ) : rfq.state === 'awarded' ? (
          <Badge>{t('rfq.notChosen')}</Badge>
        ) : (
          <StatusBadge status={quote.state} />
        )
      }
    >
      {quote.versions.map((version) => {
        const said = (
          <>
            {t('rfq.versionNo', { no: version.no })} · {t('rfq.validUntil')}{' '}
            <Moment at={version.valid_until} away={version.no === newest?.no} />
          </>
        );
        if (version.changes.length + version.files.length === 0)
          return (
            <p key={version.no} className="tight">
              {said}
            </p>
          );
        return (
          <details key={version.no} open={version.no === newest?.no}>
            <summary>{said}</summary>
            <QuoteChanges changes={version.changes} />
            {version.files.length > 0 ? <FileList files={version.files} folder="sourcing-files" /> : null}
          </details>
        );
      })}
      {acts || !newest ? null : <Quoted rfq={rfq} version={newest} />}
      <CounterAnswer quote={quote} acts={acts} />
      {acts && newest ? (
        <>
          <QuoteForm key={newest.no} rfq={rfq} quote={quote} initial={() => nextQuote(newest)} />
          <ProblemAlert fault={withdraw.error} />
          {sure ? (
            <div className="row" role="alert">
              <span>{t('rfq.quoteWithdrawSure')}</span>
              <Button color="red" loading={withdraw.isPending} onClick={() => withdraw.mutate()}>
                {t('rfq.quoteWithdraw')}
              </Button>
              <Button variant="default" onClick={() => setSure(false)}>
                {t('common.cancel')}
              </Button>
            </div>
          ) : (
            <Button variant="subtle" color="red" onClick={() => setSure(true)}>
              {t('rfq.quoteWithdraw')}
            </Button>
          )}
        </>
      ) : null}
    </Panel>
  );
}
