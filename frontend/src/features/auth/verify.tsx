import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { call } from '../../api/client';
import { meQuery } from '../../api/queries';
import { useTranslation } from '../../lib/i18n';
import { Loading } from '../../ui/frame';
import { Preferences } from '../../ui/preferences';
import { ProblemAlert } from '../../ui/problem';
import { AuthFrame } from './auth-frame';
import { useTicket } from './ticket';

/** Verifies an address with the link that was sent to it. */
export function VerifyEmail() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const token = useTicket();
  const done = useQuery({
    // A query and not a mutation: opened twice at once, the link is used once.
    queryKey: ['verify-email', token],
    queryFn: async () => {
      await call('post', '/auth/email/verify', { body: { token } });
      void client.invalidateQueries({ queryKey: meQuery.queryKey });
      return true;
    },
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
  return (
    <AuthFrame title={t('verify.title')} lead={t('verify.lead')} preferences={<Preferences />}>
      {done.isPending ? <Loading rows={1} /> : null}
      {done.data ? (
        <p className="notice" role="status">
          <strong>{t('verify.done')}</strong>
        </p>
      ) : (
        <ProblemAlert fault={done.error} />
      )}
      <p className="tight">
        <Link to="/">{t('state.home')}</Link>
      </p>
    </AuthFrame>
  );
}
