import { Button, FileButton } from '@mantine/core';
import { API, ApiProblem } from '../api/client';
import { useIntent } from '../api/intent';
import type { FileRef } from '../api/types';
import { useTranslation } from '../lib/i18n';
import { ProblemAlert } from './problem';
import './choose-files.css';

/** What the server keeps; it looks at the bytes itself. */
const KINDS = '.pdf,.png,.jpg,.jpeg,.webp,.csv,.txt';
const FILE_MAX = 10 * 1024 * 1024;

/** How a file is sent; its name goes as the query, its bytes as they are. */
export type SendFile = (
  sent: { query: { name: string }; raw: { content: File; type: string } },
  key: string,
) => Promise<FileRef>;

interface Props {
  /** Name of the intent: one for each form. */
  name: string;
  files: FileRef[];
  onFiles: (files: FileRef[]) => void;
  send: SendFile;
  /** Files at most. */
  max?: number;
  label?: string;
}

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

/** Chooses files, uploads each at once, and lists them until what they belong to is sent. */
export function ChooseFiles({ name, files, onFiles, send, max = 10, label }: Props) {
  const { t } = useTranslation();
  const upload = useIntent(name, async (file: File, key: string) => {
    if (file.size > FILE_MAX) throw tooLarge();
    const raw = { content: file, type: file.type || 'application/octet-stream' };
    return send({ query: { name: file.name }, raw }, key);
  });
  const others = (id: string) => files.filter((file) => file.id !== id);
  return (
    <>
      <ProblemAlert fault={upload.error} />
      {files.length > 0 ? (
        <ul className="files">
          {files.map((file) => (
            <li key={file.id}>
              {file.name}{' '}
              <Button
                variant="subtle"
                size="compact-xs"
                aria-label={t('files.remove', { name: file.name })}
                onClick={() => onFiles(others(file.id))}
              >
                ×
              </Button>
            </li>
          ))}
        </ul>
      ) : null}
      <FileButton
        accept={KINDS}
        onChange={(file) =>
          file && upload.mutate(file, { onSuccess: (sent) => onFiles([...others(sent.id), sent]) })
        }
      >
        {(props) => (
          <Button
            {...props}
            variant="default"
            size="xs"
            loading={upload.isPending}
            disabled={files.length >= max}
            title={t('files.kinds')}
          >
            {label ?? t('files.attach')}
          </Button>
        )}
      </FileButton>
    </>
  );
}

/** Files to be taken down, each with its size; `open` shows pictures beside their names. */
export function FileList({ files, folder, open }: { files: FileRef[]; folder: string; open?: boolean }) {
  const { t } = useTranslation();
  return (
    <ul className="files">
      {files.map((file) => {
        const path = `${API}/${folder}/${file.id}`;
        return (
          <li key={file.id}>
            <a href={path} download={file.name} title={`SHA-256 ${file.sha256}`}>
              {file.name}
            </a>{' '}
            <span className="dim num">{t('files.kib', { kib: Math.ceil(file.size / 1024) })}</span>
            {open && file.content_type.startsWith('image/') ? <img src={path} alt={file.name} /> : null}
          </li>
        );
      })}
    </ul>
  );
}
