import { Button, Checkbox, Modal, Switch, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { ApiProblem, call } from '../../api/client';
import { savedSearchesQuery } from '../../api/notices';
import type { SavedSearch } from '../../api/types';
import { useTranslation } from '../../lib/i18n';
import { addressOf } from '../../lib/search-terms';
import { Empty, Frame } from '../../ui/frame';
import { ProblemAlert, useProblemText } from '../../ui/problem';
import { asked, narrowed, type ProductSearch } from './filter';

/** The reader's saved searches, and the one on the screen to be saved with them. */
export default function SavedSearches({ search, onClose }: { search: ProductSearch; onClose: () => void }) {
  const { t } = useTranslation();
  const all = useQuery(savedSearchesQuery);
  const something = Boolean(search.q || search.supplier) || narrowed(search) > 0;
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={<strong>{t('products.savedSearches')}</strong>}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <div className="stack">
        {something ? <SaveForm search={search} /> : <p className="dim tight">{t('saved.hint')}</p>}
        <Frame asked={all} rows={3}>
          {({ items }) =>
            items.length === 0 ? (
              <Empty title={t('saved.none')} hint={t('saved.noneHint')} />
            ) : (
              <ul className="saved-searches">
                {items.map((one) => (
                  <Saved key={one.id} one={one} onOpen={onClose} />
                ))}
              </ul>
            )
          }
        </Frame>
      </div>
    </Modal>
  );
}

function useName(fault: unknown) {
  const { sayField } = useProblemText();
  const field = fault instanceof ApiProblem ? fault.fields.find((one) => one.pointer === '/name') : undefined;
  return field ? sayField(field) : undefined;
}

function SaveForm({ search }: { search: ProductSearch }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [name, setName] = useState(search.q ?? '');
  const [alerts, setAlerts] = useState(true);
  const save = useMutation({
    mutationFn: () => call('post', '/saved-searches', { body: { name, alerts, search: asked(search) } }),
    onSuccess: () => client.invalidateQueries({ queryKey: savedSearchesQuery.queryKey }),
  });
  const wrong = useName(save.error);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <form onSubmit={submit} className="stack small">
      <div className="row bottom">
        <TextInput
          className="grow"
          label={t('saved.name')}
          value={name}
          maxLength={80}
          data-autofocus
          error={wrong}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Button type="submit" loading={save.isPending} disabled={!name.trim()} data-testid="save-search">
          {t('saved.save')}
        </Button>
      </div>
      <Checkbox
        label={t('saved.alerts')}
        checked={alerts}
        onChange={(event) => setAlerts(event.currentTarget.checked)}
      />
      {wrong ? null : <ProblemAlert fault={save.error} />}
      <span role="status" className="dim small">
        {save.isSuccess ? t('saved.done') : ''}
      </span>
    </form>
  );
}

function Saved({ one, onOpen }: { one: SavedSearch; onOpen: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [name, setName] = useState<string | null>(null);
  const again = () => client.invalidateQueries({ queryKey: savedSearchesQuery.queryKey });
  const path = { id: one.id };
  const change = useMutation({
    mutationFn: (body: { name: string; alerts: boolean }) =>
      call('put', '/saved-searches/{id}', { path, body }),
    onSuccess: () => {
      setName(null);
      return again();
    },
  });
  const remove = useMutation({
    mutationFn: () => call('delete', '/saved-searches/{id}', { path }),
    onSettled: again,
  });
  const wrong = useName(change.error);
  const open = () => {
    onOpen();
    void navigate({ to: '/products', search: addressOf(one.search) });
  };
  if (name !== null)
    return (
      <li>
        <form
          className="row bottom"
          onSubmit={(event) => {
            event.preventDefault();
            change.mutate({ name, alerts: one.alerts });
          }}
        >
          <TextInput
            className="grow"
            label={t('saved.name')}
            value={name}
            maxLength={80}
            error={wrong}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Button variant="default" onClick={() => setName(null)}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" loading={change.isPending} disabled={!name.trim()}>
            {t('saved.rename')}
          </Button>
        </form>
        {wrong ? null : <ProblemAlert fault={change.error} />}
      </li>
    );
  return (
    <li className="row between" data-testid="saved-search">
      <button type="button" className="facet-more grow saved-open" onClick={open}>
        {one.name}
      </button>
      <span className="row">
        <Switch
          size="xs"
          label={t('saved.alert')}
          aria-label={t('saved.alertOf', { name: one.name })}
          checked={one.alerts}
          disabled={change.isPending}
          onChange={(event) => change.mutate({ name: one.name, alerts: event.currentTarget.checked })}
        />
        <Button
          size="compact-xs"
          variant="default"
          aria-label={t('saved.renameOf', { name: one.name })}
          onClick={() => setName(one.name)}
        >
          {t('saved.rename')}
        </Button>
        <Button
          size="compact-xs"
          variant="default"
          aria-label={t('saved.deleteOf', { name: one.name })}
          loading={remove.isPending}
          onClick={() => remove.mutate()}
        >
          {t('saved.delete')}
        </Button>
      </span>
      <ProblemAlert fault={change.error ?? remove.error} />
    </li>
  );
}
