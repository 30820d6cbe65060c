import { Button, CopyButton, Modal } from '@mantine/core';
import { useTranslation } from '../../lib/i18n';

/** Recovery codes, shown this once: closing takes a deliberate click. */
export function RecoveryCodes({ codes, onDone }: { codes: string[]; onDone: () => void }) {
  const { t } = useTranslation();
  return (
    <Modal
      opened
      onClose={() => undefined}
      withCloseButton={false}
      closeOnClickOutside={false}
      closeOnEscape={false}
      size="lg"
      title={<strong>{t('recovery.title')}</strong>}
    >
      <div className="stack">
        <p className="tight">{t('recovery.lead')}</p>
        <ol className="codes" data-testid="recovery-codes">
          {codes.map((code) => (
            <li key={code}>
              <code>{code}</code>
            </li>
          ))}
        </ol>
        <div className="row between">
          <CopyButton value={codes.join('\n')}>
            {({ copied, copy }) => (
              <Button variant="default" onClick={copy}>
                {t(copied ? 'common.copied' : 'common.copy')}
              </Button>
            )}
          </CopyButton>
          <Button onClick={onDone}>{t('recovery.stored')}</Button>
        </div>
      </div>
    </Modal>
  );
}
