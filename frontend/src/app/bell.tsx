import IconBell from '@tabler/icons-react/dist/esm/icons/IconBell.mjs';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { unreadNoticesQuery } from '../api/notices';
import { useTranslation } from '../lib/i18n';

/** The way to the notices, with the number of those that are unread. */
export function Bell() {
  const { t } = useTranslation();
  const { data } = useQuery(unreadNoticesQuery);
  const count = data?.unread ?? 0;
  const shown = count > 99 ? '99+' : String(count);
  const label = count ? t('shell.noticesUnread', { count: shown }) : t('shell.notices');
  return (
    <Link to="/notices" className="bell" aria-label={label} title={label} data-testid="bell">
      <IconBell size={17} aria-hidden="true" />
      {count ? (
        <span className="bell-count num" aria-hidden="true" data-testid="bell-count">
          {shown}
        </span>
      ) : null}
    </Link>
  );
}
