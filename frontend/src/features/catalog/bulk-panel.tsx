import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useState } from 'react';
import { ApiProblem, call } from '../../api/client';
import { useIntent } from '../../api/intent';
import type { BulkChange, BulkResult, OwnProduct } from '../../api/types';
import { useTranslation } from '../../lib/i18n';
import { useCategories } from '../../ui/categories';
import { Panel } from '../../ui/page';
import { ProblemAlert, Unconfirmed, useProblemText } from '../../ui/problem';

/** What is typed; empty fields change nothing. */
const NOTHING = { percent: '', days: '', state: '', category: '' };

interface Props {
  items: OwnProduct[];
  picked: string[];
  clear: () => void;
}

/** Changes all picked listings in one way; each is judged for itself. */
export function BulkPanel({ items, picked, clear }: Props) {
  const { t } = useTranslation();
  const { sayField } = useProblemText();
  const categories = useCategories();
  const [form, setForm] = useState(NOTHING);
  const change = useIntent(
    'bulk',
    (body: BulkChange, key: string) => call('post', '/own-products/bulk', { body, key }),
    {
      invalidates: [['own-products'], ['products'], ['search'], ['product']],
      // A second click would change the prices by the same per cent once more.
      onSuccess: () => setForm(NOTHING),
    },
  );
  const faults = change.error instanceof ApiProblem ? change.error.fields : [];
  const percent = faults.find((fault) => fault.pointer === '/price_percent');
  const put = (part: Partial<typeof NOTHING>) => setForm((old) => ({ ...old, ...part }));
  const empty = Object.values(form).every((text) => text.trim() === '');
  const send = () =>
    change.mutate({
      product_ids: picked,
      price_percent: form.percent.trim() || null,
      lead_days: form.days.trim() === '' ? null : Number(form.days),
      state: form.state || null,
      category: form.category || null,
    });
  return (
    <Panel title={t('bulk.title', { count: picked.length })}>
      <form
        className="row bottom"
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
      >
        <TextInput
          label={t('bulk.percent')}
          inputMode="decimal"
          placeholder="-2.5"
          value={form.percent}
          error={percent ? sayField(percent) : undefined}
          onChange={(event) => put({ percent: event.currentTarget.value })}
        />
        <TextInput
          label={t('listing.leadDays')}
          inputMode="numeric"
          value={form.days}
          onChange={(event) => put({ days: event.currentTarget.value.replace(/\D/g, '') })}
        />
        <NativeSelect
          label={t('own.state')}
          value={form.state}
          onChange={(event) => put({ state: event.currentTarget.value })}
          data={[
            { value: '', label: t('bulk.asIs') },
            { value: 'published', label: t('listingState.published') },
            { value: 'withdrawn', label: t('listingState.withdrawn') },
          ]}
        />
        <NativeSelect
          label={t('products.facet.category')}
          value={form.category}
          onChange={(event) => put({ category: event.currentTarget.value })}
          data={[{ value: '', label: t('bulk.asIs') }, ...categories.groups()]}
        />
        <Button type="submit" loading={change.isPending} disabled={empty}>
          {t('bulk.change')}
        </Button>
        <Button variant="subtle" onClick={clear}>
          {t('bulk.clear')}
        </Button>
      </form>
      <Unconfirmed shown={change.unconfirmed} />
      <ProblemAlert fault={percent ? null : change.error} />
      {change.data ? <Told result={change.data} items={items} /> : null}
    </Panel>
  );
}

function Told({ result, items }: { result: BulkResult; items: OwnProduct[] }) {
  const { t } = useTranslation();
  const { sayField } = useProblemText();
  const refused = result.rows.filter((row) => row.outcome === 'refused');
  return (
    <div role="status" data-testid="bulk-result">
      <p className="tight">
        {t('bulk.told', {
          changed: result.changed,
          unchanged: result.unchanged,
          refused: result.refused,
        })}
      </p>
      {refused.length > 0 ? (
        <ul className="advice">
          {refused.map((row) => (
            <li key={row.id}>
              <span>
                <code>{items.find((item) => item.id === row.id)?.sku ?? row.id.slice(-8)}</code>{' '}
                {sayField({ code: row.code ?? '', detail: row.detail ?? '' })}
              </span>
            </li>
          ))}
        </ul>
      ) : null}
    </div>
  );
}
