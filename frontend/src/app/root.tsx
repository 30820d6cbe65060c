import { useQuery } from '@tanstack/react-query';
import { Outlet } from '@tanstack/react-router';
import { optionsQuery } from '../api/queries';
import { useTranslation } from '../lib/i18n';

/** Above every page where nothing is encrypted. */
function InsecureBanner() {
  const { t } = useTranslation();
  const { data } = useQuery(optionsQuery);
  if (!data?.insecure) return null;
  return (
    <aside className="insecure" data-testid="insecure" aria-label={t('shell.insecure')}>
      {t('shell.insecure')}
    </aside>
  );
}

/** The frame of all pages, inside and outside. */
export function Root() {
  return (
    <>
      <InsecureBanner />
      <Outlet />
    </>
  );
}
