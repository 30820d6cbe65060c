import { Button, FileInput, Progress } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { call } from '../../api/client';
import { useIntent } from '../../api/intent';
import { importQuery } from '../../api/queries';
import type { ImportJob } from '../../api/types';
import { useTranslation } from '../../lib/i18n';
import { Badge } from '../../ui/badge';
import { Page, Panel } from '../../ui/page';
import { ProblemAlert, useProblemText } from '../../ui/problem';
import { Scroll } from '../../ui/scroll';

const COLUMNS =
  'sku,title,title_zh,category,description,hs_code,unit,origin,currency,moq,ladder,lead_days,incoterm,place,picture';
/** Columns a file may lack; what they would say stays as it is then. */
const FURTHER =
  'moq_step,pictures,attributes,sample,certificates,family,options,state,supply,capacity,on_hand';

/** A catalogue from a CSV file: first a dry run that shows what would happen, then the import. */
export function ImportPage() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [file, setFile] = useState<File | null>(null);
  const [id, setId] = useState<string | null>(null);
  const job = useQuery(importQuery(id));
  const start = useIntent(
    'import',
    ({ dry }: { dry: boolean; name: string; size: number }, key: string) =>
      call('post', '/imports/products', {
        query: { dry_run: dry },
        raw: { content: file ?? '', type: 'text/csv' },
        key,
      }),
    { onSuccess: (sent) => setId(sent.id) },
  );
  const written = job.data?.state === 'done' && !job.data.dry_run;
  useEffect(() => {
    if (written)
      for (const stale of ['products', 'own-products', 'own-stock', 'product', 'search'])
        void client.invalidateQueries({ queryKey: [stale] });
  }, [written, client]);
  const run = (dry: boolean) => file && start.mutate({ dry, name: file.name, size: file.size });
  const unheard = id !== null && !job.data && !job.error;
  const running = job.data?.state === 'running' || start.isPending || unheard;
  // Each import has its dry run: a second click would import again and tell of nothing new.
  const tried = job.data?.state === 'done' && job.data.dry_run;
  return (
    <Page
      title={t('nav.imports')}
      lead={t('imports.lead')}
      actions={
        <a href="/api/v1/exports/products.csv" download>
          {t('own.export')}
        </a>
      }
    >
      <Panel title={t('imports.file')}>
        <FileInput
          label={t('imports.choose')}
          placeholder={t('imports.placeholder')}
          accept=".csv,text/csv"
          clearable
          clearButtonProps={{ 'aria-label': t('common.remove') }}
          value={file}
          onChange={(next) => {
            setFile(next);
            setId(null);
          }}
        />
        <details>
          <summary>{t('imports.columns')}</summary>
          <code className="hash">{COLUMNS}</code>
          <p className="dim tight">{t('imports.ladder')}</p>
          <code className="hash">{FURTHER}</code>
          <p className="dim tight">{t('imports.further')}</p>
        </details>
        <ProblemAlert fault={start.error ?? job.error} />
        <div className="row end">
          <Button
            variant={tried ? 'default' : 'filled'}
            disabled={!file || running}
            loading={running && start.variables?.dry}
            onClick={() => run(true)}
          >
            {t('imports.dry')}
          </Button>
          <Button
            disabled={!file || running || !tried}
            loading={running && start.variables?.dry === false}
            onClick={() => run(false)}
          >
            {t('imports.run')}
          </Button>
        </div>
      </Panel>
      {job.data ? <Result job={job.data} /> : null}
    </Page>
  );
}

function Result({ job }: { job: ImportJob }) {
  const { t } = useTranslation();
  const { sayField } = useProblemText();
  const percent = job.rows > 0 ? Math.round((job.done / job.rows) * 100) : job.state === 'done' ? 100 : 0;
  return (
    <Panel
      title={t(job.dry_run ? 'imports.dryResult' : 'imports.result')}
      aside={
        <Badge tone={job.state === 'failed' ? 'bad' : job.state === 'done' ? 'good' : 'accent'}>
          {t(`imports.state.${job.state}`)}
        </Badge>
      }
    >
      <Progress value={percent} aria-label={t('imports.progress')} />
      <div role="status" className="num">
        {t('imports.counts', {
          done: job.done,
          rows: job.rows,
          created: job.created,
          updated: job.updated,
          unchanged: job.unchanged,
          errors: job.failed,
        })}{' '}
        {job.state === 'done' && !job.dry_run ? <Link to="/own-products">{t('own.title')}</Link> : null}
      </div>
      {job.errors.length > 0 ? (
        <Scroll label={t('imports.wrong')}>
          <table className="grid compact">
            <thead>
              <tr>
                <th scope="col" className="right">
                  {t('imports.line')}
                </th>
                <th scope="col">{t('imports.column')}</th>
                <th scope="col">{t('imports.value')}</th>
                <th scope="col">{t('imports.wrong')}</th>
              </tr>
            </thead>
            <tbody>
              {job.errors.map((error) => (
                <tr key={`${error.line}-${error.column}-${error.code}`}>
                  <td className="right num">{error.line}</td>
                  <td>
                    <code>{error.column}</code>
                  </td>
                  <td className="clip">{error.value}</td>
                  <td title={error.detail}>{sayField(error)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      ) : null}
    </Panel>
  );
}
