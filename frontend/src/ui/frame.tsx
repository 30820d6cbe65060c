import { Button, Skeleton } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useEffect, useState } from 'react';
import { ApiProblem } from '../api/client';
import { useTranslation } from '../lib/i18n';
import { ProblemAlert } from './problem';

interface Asked<T> {
  data: T | undefined;
  error: Error | null;
  refetch: () => unknown;
}

/** Nothing for 200 ms, then a skeleton: short waits do not flicker. */
export function Loading({ rows = 6 }: { rows?: number }) {
  const { t } = useTranslation();
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), 200);
    return () => clearTimeout(timer);
  }, []);
  if (!late) return null;
  return (
    <div role="status" aria-label={t('common.loading')} className="stack">
      <Skeleton height={28} width="40%" />
      {Array.from({ length: rows }, (_, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: placeholders have no identity
        <Skeleton key={i} height={22} />
      ))}
    </div>
  );
}

export function Empty({ title, hint, action }: { title: string; hint?: string; action?: ReactNode }) {
  return (
    <div className="empty">
      <p className="empty-title">{title}</p>
      {hint ? <p className="dim">{hint}</p> : null}
      {action}
    </div>
  );
}

export function NotPermitted() {
  const { t } = useTranslation();
  return <Empty title={t('state.forbidden')} hint={t('state.forbidden.hint')} />;
}

/** Nothing that this reader may see stands at the address. */
export function Missing() {
  const { t } = useTranslation();
  return (
    <Empty
      title={t('state.missing')}
      hint={t('state.missing.hint')}
      action={<Link to="/">{t('state.home')}</Link>}
    />
  );
}

/** The states a screen can be in before it succeeds: loading, error, not permitted, not found. */
export function Frame<T>({
  asked,
  rows,
  children,
}: {
  asked: Asked<T>;
  rows?: number;
  children: (data: T) => ReactNode;
}) {
  const { data, error } = asked;
  if (data !== undefined) return <>{children(data)}</>;
  if (!error) return <Loading rows={rows} />;
  const status = error instanceof ApiProblem ? error.status : 0;
  if (status === 403) return <NotPermitted />;
  if (status === 404) return <Missing />;
  // What was asked wrongly is refused again.
  return <ProblemAlert fault={error} retry={status === 422 ? undefined : () => void asked.refetch()} />;
}

export function MoreButton({
  asked,
}: {
  asked: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => unknown };
}) {
  const { t } = useTranslation();
  if (!asked.hasNextPage) return null;
  return (
    <div className="center">
      <Button variant="default" loading={asked.isFetchingNextPage} onClick={() => void asked.fetchNextPage()}>
        {t('common.more')}
      </Button>
    </div>
  );
}
