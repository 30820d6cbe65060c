import { Button, Textarea } from '@mantine/core';
import { call } from '../../api/client';
import { useIntent } from '../../api/intent';
import { useKept } from '../../api/kept-state';
import type { FileRef, InquiryView } from '../../api/types';
import { useTranslation } from '../../lib/i18n';
import { ChooseFiles } from '../../ui/choose-files';
import { ProblemAlert, Unconfirmed } from '../../ui/problem';
import { QuickReplies } from './quick-replies';

const TEXT_MAX = 4_000;
const empty = () => ({ text: '', files: [] as FileRef[] });

/** Where a message is written; Ctrl+Enter sends it. */
export function Composer({ inquiry }: { inquiry: InquiryView }) {
  const { t } = useTranslation();
  const place = `inquiry/${inquiry.id}`;
  const [{ text, files }, put, forget] = useKept(place, empty);
  const send = useIntent(
    place,
    (body: { text: string; file_ids: string[] }, key: string) =>
      call('post', '/inquiries/{inquiry}/messages', { path: { inquiry: inquiry.id }, body, key }),
    { invalidates: [['inquiry', inquiry.id], ['inquiries']], onSuccess: () => forget(empty()) },
  );
  const ready = (text.trim() !== '' || files.length > 0) && text.length <= TEXT_MAX * 2;
  const submit = () => {
    if (ready && !send.isPending) send.mutate({ text, file_ids: files.map((file) => file.id) });
  };
  return (
    <form
      className="stack small composer"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <QuickReplies
        side={inquiry.side === 'seller' ? 'seller' : 'buyer'}
        onPick={(words) => put({ text: text.trim() === '' ? words : `${text.trimEnd()}\n${words}` })}
      />
      <Textarea
        label={t('talk.write')}
        autosize
        minRows={2}
        maxRows={10}
        value={text}
        onChange={(event) => put({ text: event.currentTarget.value })}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
            event.preventDefault();
            submit();
          }
        }}
      />
      <Unconfirmed shown={send.unconfirmed} />
      <ProblemAlert fault={send.error} />
      <div className="row end">
        <ChooseFiles
          name={`inquiry-file/${inquiry.id}`}
          files={files}
          onFiles={(next) => put({ files: next })}
          send={(sent, key) => call('post', '/inquiry-files', { ...sent, key })}
        />
        <Button
          type="submit"
          size="xs"
          loading={send.isPending}
          disabled={!ready}
          aria-keyshortcuts="Control+Enter Meta+Enter"
          data-testid="send-message"
        >
          {t('talk.send')}
        </Button>
      </div>
    </form>
  );
}
