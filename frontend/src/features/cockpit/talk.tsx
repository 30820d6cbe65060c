import { Button, Textarea } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { call } from '../../api/client';
import { useIntent } from '../../api/intent';
import { useKept } from '../../api/kept-state';
import { messagesQuery } from '../../api/queries';
import type { FileRef } from '../../api/types';
import { useTranslation } from '../../lib/i18n';
import { ChooseFiles, FileList } from '../../ui/choose-files';
import { Empty, Frame } from '../../ui/frame';
import { Moment } from '../../ui/moment';
import { Panel } from '../../ui/page';
import { ProblemAlert, Unconfirmed } from '../../ui/problem';

const empty = () => ({ text: '', files: [] as FileRef[] });

/** Messages and files of both sides. */
export function Talk({ id }: { id: string }) {
  const { t } = useTranslation();
  const asked = useQuery(messagesQuery(id));
  const [{ text, files }, put, forget] = useKept(`talk/${id}`, empty);
  const send = useIntent(
    `message/${id}`,
    (body: { text: string; file_ids: string[] }, key: string) =>
      call('post', '/orders/{order}/messages', { path: { order: id }, body, key }),
    {
      invalidates: [['order', id, 'messages']],
      onSuccess: () => forget(empty()),
    },
  );
  return (
    <Panel title={t('cockpit.talk')}>
      <Frame asked={asked} rows={3}>
        {(page) =>
          page.items.length === 0 ? (
            <Empty title={t('talk.empty')} hint={t('talk.emptyHint')} />
          ) : (
            <ul className="talk">
              {page.items.map((message) => (
                <li key={message.id}>
                  <span className="small dim">
                    <strong>{[message.user, message.company].filter(Boolean).join(', ')}</strong> ·{' '}
                    <Moment at={message.at} />
                  </span>
                  <div>{message.text}</div>
                  {message.files.length > 0 ? <FileList files={message.files} folder="files" /> : null}
                </li>
              ))}
            </ul>
          )
        }
      </Frame>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          send.mutate({ text, file_ids: files.map((file) => file.id) });
        }}
      >
        <Textarea
          label={t('talk.write')}
          autosize
          minRows={2}
          value={text}
          onChange={(e) => put({ text: e.currentTarget.value })}
        />
        <Unconfirmed shown={send.unconfirmed} />
        <ProblemAlert fault={send.error} />
        <p className="tight small dim">{t('files.kinds')}</p>
        <div className="row end">
          <ChooseFiles
            name={`file/${id}`}
            files={files}
            onFiles={(next) => put({ files: next })}
            send={(sent, key) => call('post', '/orders/{order}/files', { ...sent, path: { order: id }, key })}
          />
          <Button type="submit" loading={send.isPending} disabled={text.trim() === '' && files.length === 0}>
            {t('talk.send')}
          </Button>
        </div>
      </form>
    </Panel>
  );
}
