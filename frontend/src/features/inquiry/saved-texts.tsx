import { Button, Modal, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ApiProblem, call } from '../../api/client';
import { templatesQuery } from '../../api/inquiries';
import { meQuery } from '../../api/queries';
import type { Template } from '../../api/types';
import { useTranslation } from '../../lib/i18n';
import { Empty, Frame } from '../../ui/frame';
import { ProblemAlert, useProblemText } from '../../ui/problem';

type Draft = Pick<Template, 'title' | 'text_en' | 'text_zh'> & { id?: string; version?: number };
const blank = (): Draft => ({ title: '', text_en: '', text_zh: '' });

/** The company's saved texts: everybody in it uses them, its owners and traders change them. */
export function SavedTexts({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { data: me } = useQuery(meQuery);
  const asked = useQuery(templatesQuery);
  const [draft, setDraft] = useState<Draft | null>(null);
  const writes = me?.seat.role === 'owner' || me?.seat.role === 'trader';
  const again = () => client.invalidateQueries({ queryKey: templatesQuery.queryKey });
  const remove = useMutation({
    mutationFn: (id: string) => call('delete', '/templates/{id}', { path: { id } }),
    onSuccess: again,
  });
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={<strong>{t('inquiry.texts')}</strong>}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      {draft ? (
        <Editor
          draft={draft}
          onChange={setDraft}
          onDone={() => {
            void again();
            setDraft(null);
          }}
          onCancel={() => setDraft(null)}
        />
      ) : (
        <div className="stack">
          <p className="dim tight">{t('inquiry.textsLead')}</p>
          <ProblemAlert fault={remove.error} />
          <Frame asked={asked} rows={3}>
            {(page) =>
              page.items.length === 0 ? (
                <Empty title={t('inquiry.noTexts')} />
              ) : (
                <ul className="saved-texts">
                  {page.items.map((one) => (
                    <li key={one.id} className="row between">
                      <span className="grow">
                        <strong>{one.title}</strong>
                        <span className="dim small clip saved-text">{one.text_en || one.text_zh}</span>
                      </span>
                      {writes ? (
                        <span className="row">
                          <Button
                            size="compact-xs"
                            variant="default"
                            aria-label={t('inquiry.editText', { title: one.title })}
                            onClick={() => setDraft(one)}
                          >
                            {t('inquiry.edit')}
                          </Button>
                          <Button
                            size="compact-xs"
                            variant="default"
                            aria-label={t('inquiry.deleteText', { title: one.title })}
                            loading={remove.isPending && remove.variables === one.id}
                            onClick={() => remove.mutate(one.id)}
                          >
                            {t('inquiry.delete')}
                          </Button>
                        </span>
                      ) : null}
                    </li>
                  ))}
                </ul>
              )
            }
          </Frame>
          {writes ? (
            <div className="row end">
              <Button onClick={() => setDraft(blank())}>{t('inquiry.newText')}</Button>
            </div>
          ) : null}
        </div>
      )}
    </Modal>
  );
}

function Editor({
  draft,
  onChange,
  onDone,
  onCancel,
}: {
  draft: Draft;
  onChange: (draft: Draft) => void;
  onDone: () => void;
  onCancel: () => void;
}) {
  const { t } = useTranslation();
  const { sayField } = useProblemText();
  const save = useMutation({
    mutationFn: ({ id, version, title, text_en, text_zh }: Draft) => {
      const body = { title, text_en, text_zh };
      return id
        ? call('put', '/templates/{id}', { path: { id }, body, version: version ?? 1 })
        : call('post', '/templates', { body });
    },
    onSuccess: onDone,
  });
  const fields = save.error instanceof ApiProblem ? save.error.fields : [];
  const wrong = (pointer: string) => {
    const found = fields.find((field) => field.pointer === pointer);
    return found ? sayField(found) : undefined;
  };
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate(draft);
      }}
    >
      <TextInput
        label={t('inquiry.textTitle')}
        required
        maxLength={80}
        value={draft.title}
        error={wrong('/title')}
        onChange={(event) => onChange({ ...draft, title: event.currentTarget.value })}
      />
      <Textarea
        label={t('inquiry.textEn')}
        autosize
        minRows={3}
        value={draft.text_en}
        error={wrong('/text_en')}
        onChange={(event) => onChange({ ...draft, text_en: event.currentTarget.value })}
      />
      <Textarea
        label={t('inquiry.textZh')}
        autosize
        minRows={3}
        value={draft.text_zh}
        error={wrong('/text_zh')}
        onChange={(event) => onChange({ ...draft, text_zh: event.currentTarget.value })}
      />
      <ProblemAlert fault={save.error} />
      <div className="row end">
        <Button variant="default" onClick={onCancel}>
          {t('common.cancel')}
        </Button>
        <Button type="submit" loading={save.isPending}>
          {t('inquiry.saveText')}
        </Button>
      </div>
    </form>
  );
}
