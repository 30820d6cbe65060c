import { Button, NativeSelect } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import IconSearch from '@tabler/icons-react/dist/esm/icons/IconSearch.mjs';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, Outlet, useLocation, useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useState } from 'react';
import { call } from '../api/client';
import { unreadQuery } from '../api/inquiries';
import { startLive } from '../api/live';
import { meQuery, type Seated } from '../api/queries';
import { useToldLanguage } from '../api/tell-language';
import type { Me, Seat } from '../api/types';
import { StepUp } from '../features/auth/step-up';
import { spoken, useTranslation } from '../lib/i18n';
import { dropAll } from '../lib/kept';
import { Logo } from '../ui/logo';
import { Preferences } from '../ui/preferences';
import { Bell } from './bell';
import { MarketBar } from './market-bar';
import { entryOf, NAV } from './nav';
import './shell.css';

const Palette = lazy(() => spoken(import('./palette')).then((module) => ({ default: module.Palette })));

function SeatSwitcher({ me }: { me: Seated }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const change = async (id: string) => {
    await call('post', '/auth/seat', { body: { seat_id: id } });
    await client.resetQueries();
    void navigate({ to: '/' });
  };
  const name = (seat: Seat) => `${seat.company?.name ?? seat.market.name} · ${t(`role.${seat.role}`)}`;
  if (me.seats.length < 2) return <span className="seat-name">{name(me.seat)}</span>;
  return (
    <NativeSelect
      size="xs"
      aria-label={t('shell.seat')}
      value={me.seat.id}
      onChange={(event) => void change(event.currentTarget.value)}
      data={me.seats.map((seat) => ({ value: seat.id, label: name(seat) }))}
    />
  );
}

/** Reminds owners of a new account of the link in their mail. */
function VerifyNotice({ me }: { me: Me }) {
  const { t } = useTranslation();
  if (me.security.email_verified || !me.security.password) return null;
  return (
    <p className="notice" role="status">
      {t('verify.notice', { email: me.user.email })} <Link to="/account/security">{t('nav.security')}</Link>
    </p>
  );
}

/** How many inquiries hold something unread. */
function Unread() {
  const { t } = useTranslation();
  const { data } = useQuery(unreadQuery);
  const count = data?.unread ?? 0;
  if (count === 0) return null;
  return (
    <span className="tab-count num" title={t('nav.unread', { count })} data-testid="unread">
      <span aria-hidden="true">{count > 99 ? '99+' : count}</span>
      <span className="visually-hidden">{t('nav.unread', { count })}</span>
    </span>
  );
}

/** The frame of each signed-in screen. */
export function Shell() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const { data: me } = useQuery(meQuery);
  const here = useLocation({ select: (location) => entryOf(location.pathname) });
  const [searching, setSearching] = useState(false);
  useHotkeys([['mod+K', () => setSearching(true)]], []);
  // Without its second factor the seat is not taken yet: nothing but the security page answers.
  const halted = me?.security.second_factor_needed === true;
  const seatId = halted ? undefined : me?.seat?.id;
  useEffect(() => {
    const seen = client.getQueryData(meQuery.queryKey);
    return seatId ? startLive(client, seen?.live_from ?? '') : undefined;
  }, [client, seatId]);
  useToldLanguage(halted ? '' : (me?.user.id ?? ''));
  if (!me) return null;
  const signOut = async () => {
    await call('post', '/auth/sign-out').catch(() => undefined);
    dropAll();
    client.clear();
    void navigate({ to: '/sign-in' });
  };
  return (
    <div className="shell">
      <a className="skip" href="#main">
        {t('shell.skip')}
      </a>
      <header className="top">
        <Link to="/" className="brand" aria-label={t('shell.home')}>
          <Logo />
          <span>Entrepot</span>
        </Link>
        <Button
          variant="default"
          size="xs"
          className="search-button"
          leftSection={<IconSearch size={15} />}
          onClick={() => setSearching(true)}
          aria-label={t('palette.title')}
          aria-keyshortcuts="Control+K Meta+K"
        >
          <span className="wide-only">
            {t('shell.search')} <kbd>Ctrl K</kbd>
          </span>
        </Button>
        <div className="top-end">
          <SeatSwitcher me={me} />
          <Preferences />
          {halted ? null : <Bell />}
          <Button variant="subtle" size="xs" onClick={() => void signOut()}>
            {t('shell.signOut')}
          </Button>
        </div>
      </header>
      <nav className="tabs" aria-label={t('shell.nav')}>
        {NAV.filter((entry) => (halted ? entry.to === '/account/security' : entry.show(me.seat))).map(
          (entry) => (
            <Link
              key={entry.to}
              to={entry.to}
              className={entry.to === here ? 'tab on' : 'tab'}
              aria-current={entry.to === here ? 'page' : undefined}
            >
              {t(entry.labelKey)}
              {entry.to === '/inquiries' && me.seat.company ? <Unread /> : null}
            </Link>
          ),
        )}
      </nav>
      {halted ? null : <MarketBar />}
      <main id="main" tabIndex={-1}>
        <VerifyNotice me={me} />
        <Outlet />
      </main>
      <StepUp />
      <Suspense fallback={null}>
        {searching ? <Palette opened onClose={() => setSearching(false)} seat={me.seat} /> : null}
      </Suspense>
    </div>
  );
}
