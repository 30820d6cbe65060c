import { Button, FileButton } from '@mantine/core';
import { API, ApiProblem, call } from '../../api/client';
import { useIntent } from '../../api/intent';
import type { ProofFile } from '../../api/types';
import { useTranslation } from '../../lib/i18n';
import { ProblemAlert } from '../../ui/problem';

/** What the server keeps; it looks at the bytes itself. */
const KINDS = '.pdf,.png,.jpg,.jpeg,.webp,.csv,.txt';
const FILE_MAX = 10 * 1024 * 1024;
const FILES_MAX = 10;

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

/** Uploads evidence that a claim will name. */
export function EvidenceInput({
  name,
  files,
  onFiles,
  error,
}: {
  name: string;
  files: ProofFile[];
  onFiles: (files: ProofFile[]) => void;
  error?: string;
}) {
  const { t } = useTranslation();
  const upload = useIntent(`proof-file/${name}`, async (file: File, key: string) => {
    if (file.size > FILE_MAX) throw tooLarge();
    return call('post', '/proof-files', {
      query: { name: file.name },
      raw: { content: file, type: file.type || 'application/octet-stream' },
      key,
    });
  });
  return (
    <div className="stack small">
      <span className="small strong">{t('proof.evidence')}</span>
      <ProblemAlert fault={upload.error} />
      {files.length > 0 ? (
        <ul className="evidence">
          {files.map((file) => (
            <li key={file.id}>
              {file.name}{' '}
              <Button
                variant="subtle"
                size="compact-xs"
                aria-label={t('proof.removeFile', { name: file.name })}
                onClick={() => onFiles(files.filter((other) => other.id !== file.id))}
              >
                ×
              </Button>
            </li>
          ))}
        </ul>
      ) : null}
      <div>
        <FileButton
          accept={KINDS}
          onChange={(file) =>
            file &&
            upload.mutate(file, {
              onSuccess: (sent) => onFiles([...files.filter((other) => other.id !== sent.id), sent]),
            })
          }
        >
          {(props) => (
            <Button
              {...props}
              variant="default"
              size="xs"
              loading={upload.isPending}
              disabled={files.length >= FILES_MAX}
              title={t('talk.kinds')}
            >
              {t('proof.addFile')}
            </Button>
          )}
        </FileButton>
      </div>
      {error ? <p className="field-error">{error}</p> : null}
    </div>
  );
}

/** Evidence to look at: pictures shown, everything to be taken down as a file. */
export function EvidenceList({ files, open }: { files: ProofFile[]; open?: boolean }) {
  return (
    <ul className="evidence">
      {files.map((file) => {
        const path = `${API}/proof-files/${file.id}`;
        return (
          <li key={file.id}>
            <a href={path} download={file.name}>
              {file.name}
            </a>{' '}
            <span className="dim num">{Math.ceil(file.size / 1024)} KiB</span>
            {open && file.content_type.startsWith('image/') ? <img src={path} alt={file.name} /> : null}
          </li>
        );
      })}
    </ul>
  );
}
