import { Button, Modal } from '@mantine/core';
import type { PersonView as Person } from '../../api/types';
import { useTranslation } from '../../lib/i18n';

interface Props {
  person: Person;
  onClose: () => void;
  onSure: () => void;
}

/** Names the consequence before an account is closed. */
export function CloseAccount({ person, onClose, onSure }: Props) {
  const { t } = useTranslation();
  return (
    <Modal
      opened
      onClose={onClose}
      title={<strong>{t('users.disable')}</strong>}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <div className="stack">
        <p className="tight">{t('users.disableHint', { name: person.name })}</p>
        <div className="row end">
          <Button variant="default" onClick={onClose}>
            {t('common.cancel')}
          </Button>
          <Button color="red" onClick={onSure}>
            {t('users.disable')}
          </Button>
        </div>
      </div>
    </Modal>
  );
}
