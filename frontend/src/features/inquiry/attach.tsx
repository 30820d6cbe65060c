import { Button, FileButton } from '@mantine/core';
import { ApiProblem, call } from '../../api/client';
import { useIntent } from '../../api/intent';
import type { InquiryFile } from '../../api/types';
import { useTranslation } from '../../lib/i18n';
import { ProblemAlert } from '../../ui/problem';

/** What the server keeps; it looks at the bytes itself. */
const KINDS = '.pdf,.png,.jpg,.jpeg,.webp,.csv,.txt';
const FILE_MAX = 10 * 1024 * 1024;
export const FILES_MAX = 10;

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

/** Uploads files that a message will name. */
export function Attach({
  name,
  files,
  onFiles,
}: {
  name: string;
  files: InquiryFile[];
  onFiles: (files: InquiryFile[]) => void;
}) {
  const { t } = useTranslation();
  const upload = useIntent(`inquiry-file/${name}`, async (file: File, key: string) => {
    if (file.size > FILE_MAX) throw tooLarge();
    return call('post', '/inquiry-files', {
      query: { name: file.name },
      raw: { content: file, type: file.type || 'application/octet-stream' },
      key,
    });
  });
  return (
    <>
      <ProblemAlert fault={upload.error} />
      {files.length > 0 ? (
        <ul className="said-files">
          {files.map((file) => (
            <li key={file.id}>
              {file.name}{' '}
              <Button
                variant="subtle"
                size="compact-xs"
                aria-label={t('inquiry.removeFile', { name: file.name })}
                onClick={() => onFiles(files.filter((other) => other.id !== file.id))}
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
            {t('talk.attach')}
          </Button>
        )}
      </FileButton>
    </>
  );
}
