import { Button } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { call } from '../../api/client';
import { meQuery } from '../../api/queries';
import { useTranslation } from '../../lib/i18n';
import { Frame } from '../../ui/frame';
import { Page, Panel } from '../../ui/page';
import { ProblemAlert } from '../../ui/problem';
import { PasswordForm } from './password-form';
import { SecondFactor } from './second-factor';
import { Sessions } from './sessions';

/** How the account is guarded, and what its owner can do about it. */
export function SecurityPage() {
  const { t } = useTranslation();
  const asked = useQuery(meQuery);
  return (
    <Page title={t('nav.security')} lead={t('security.lead')}>
      <Frame asked={asked}>
        {({ security, user }) => (
          <>
            {security.second_factor_needed ? (
              <p className="notice" role="status">
                <strong>{t('security.needed')}</strong>
                {t(security.second_factor ? 'security.neededShow' : 'security.neededHint')}
              </p>
            ) : null}
            {security.password ? (
              <div className="cols wide top-aligned">
                <SecondFactor security={security} />
                <div className="stack">
                  <Address email={user.email} verified={security.email_verified} />
                  <PasswordForm secondFactor={security.second_factor} />
                </div>
              </div>
            ) : (
              <Panel title={t('security.demo')}>
                <p className="tight">{t('security.demoHint')}</p>
              </Panel>
            )}
            <Sessions />
          </>
        )}
      </Frame>
    </Page>
  );
}

function Address({ email, verified }: { email: string; verified: boolean }) {
  const { t } = useTranslation();
  const send = useMutation({ mutationFn: () => call('post', '/auth/email/verification') });
  return (
    <Panel title={t('field.email')}>
      <div className="row between">
        <span>
          {email} · <span className="dim">{t(verified ? 'security.verified' : 'security.unverified')}</span>
        </span>
        {verified ? null : (
          <Button
            size="xs"
            variant="default"
            loading={send.isPending}
            disabled={send.isSuccess}
            onClick={() => send.mutate()}
          >
            {t(send.isSuccess ? 'security.verificationSent' : 'security.verificationSend')}
          </Button>
        )}
      </div>
      <ProblemAlert fault={send.error} />
    </Panel>
  );
}
