import { Button, FileButton, Textarea } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { API, call } from '../../api/client';
import { useIntent } from '../../api/intent';
import { messagesQuery } from '../../api/queries';
import type { FileRef } from '../../api/types';
import { Empty, Frame } from '../../ui/frame';
import { Moment } from '../../ui/moment';
import { Panel } from '../../ui/page';
import { ProblemAlert } from '../../ui/problem';

/** Messages and files of both sides. */
export function Talk({ id }: { id: string }) {
  const { t } = useTranslation();
  const asked = useQuery(messagesQuery(id));
  const [text, setText] = useState('');
  const [files, setFiles] = useState<FileRef[]>([]);
  const upload = useIntent((file: File, key: string) =>
    call('post', '/orders/{order}/files', {
      path: { order: id },
      query: { name: file.name },
      raw: { content: file, type: file.type || 'application/octet-stream' },
      key,
    }),
  );
  const send = useIntent(
    (body: { text: string; file_ids: string[] }, key: string) =>
      call('post', '/orders/{order}/messages', { path: { order: id }, body, key }),
    {
      invalidates: [['order', id, 'messages']],
      onSuccess: () => {
        setText('');
        setFiles([]);
      },
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
                  {message.files.map((file) => (
                    <div key={file.id}>
                      <a href={`${API}/files/${file.id}`}>{file.name}</a>
                    </div>
                  ))}
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
          onChange={(e) => setText(e.currentTarget.value)}
        />
        {files.length > 0 ? <div className="small">{files.map((file) => file.name).join(', ')}</div> : null}
        <ProblemAlert fault={upload.error ?? send.error} />
        <div className="row end">
          <FileButton
            onChange={(file) =>
              file && upload.mutate(file, { onSuccess: (sent) => setFiles((old) => [...old, sent]) })
            }
          >
            {(props) => (
              <Button {...props} variant="default" loading={upload.isPending}>
                {t('talk.attach')}
              </Button>
            )}
          </FileButton>
          <Button type="submit" loading={send.isPending} disabled={text.trim() === '' && files.length === 0}>
            {t('talk.send')}
          </Button>
        </div>
      </form>
    </Panel>
  );
}
