import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { call } from '../../api/client';
import { useTranslation } from '../../lib/i18n';
import { Preferences } from '../../ui/preferences';
import { AuthFrame } from './auth-frame';

/** Where somebody lands whose last seat was taken away. */
export function NoSeat() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const leave = async () => {
    await call('post', '/auth/sign-out').catch(() => undefined);
    client.clear();
    void navigate({ to: '/sign-in', search: {} });
  };
  return (
    <AuthFrame title={t('noSeat.title')} lead={t('noSeat.lead')} preferences={<Preferences />}>
      <Button variant="default" onClick={() => void leave()}>
        {t('shell.signOut')}
      </Button>
    </AuthFrame>
  );
}
