import { Button, FileButton, Textarea } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { API, ApiProblem, call } from '../../api/client';
import { useIntent } from '../../api/intent';
import { useKept } from '../../api/kept-state';
import { messagesQuery } from '../../api/queries';
import type { FileRef } from '../../api/types';
import { useTranslation } from '../../lib/i18n';
import { Empty, Frame } from '../../ui/frame';
import { Moment } from '../../ui/moment';
import { Panel } from '../../ui/page';
import { ProblemAlert, Unconfirmed } from '../../ui/problem';

const empty = () => ({ text: '', files: [] as FileRef[] });

/** What the server keeps; it looks at the bytes itself. */
const KINDS = '.pdf,.png,.jpg,.jpeg,.webp,.csv,.txt';
const FILE_MAX = 10 * 1024 * 1024;

/** Said here, because a server that refuses a large body hangs up before the browser reads why. */
const tooLarge = () =>
  new ApiProblem({
    type: 'urn:entrepot:problem:too_large',
    code: 'too_large',
    status: 413,
    title: 'too large',
    detail: 'The file is larger than 10 MiB.',
    params: {},
    errors: [],
    next: '',
  });

/** Messages and files of both sides. */
export function Talk({ id }: { id: string }) {
  const { t } = useTranslation();
  const asked = useQuery(messagesQuery(id));
  const [{ text, files }, put, forget] = useKept(`talk/${id}`, empty);
  const upload = useIntent(`file/${id}`, async (file: File, key: string) => {
    if (file.size > FILE_MAX) throw tooLarge();
    return call('post', '/orders/{order}/files', {
      path: { order: id },
      query: { name: file.name },
      raw: { content: file, type: file.type || 'application/octet-stream' },
      key,
    });
  });
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
          onChange={(e) => put({ text: e.currentTarget.value })}
        />
        {files.length > 0 ? <div className="small">{files.map((file) => file.name).join(', ')}</div> : null}
        <Unconfirmed shown={send.unconfirmed} />
        <ProblemAlert fault={upload.error ?? send.error} />
        <p className="tight small dim">{t('talk.kinds')}</p>
        <div className="row end">
          <FileButton
            accept={KINDS}
            onChange={(file) =>
              file && upload.mutate(file, { onSuccess: (sent) => put({ files: [...files, sent] }) })
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
