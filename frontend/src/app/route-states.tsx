import { Link } from '@tanstack/react-router';
import { ApiProblem } from '../api/client';
import { useTranslation } from '../lib/i18n';
import { Missing } from '../ui/frame';
import { ProblemAlert } from '../ui/problem';

export function RouteFault({ error, reset }: { error: unknown; reset: () => void }) {
  const { t } = useTranslation();
  return (
    <div className="page">
      <ProblemAlert fault={error} retry={reset} />
      {error instanceof ApiProblem && error.code === 'no_seat' ? (
        <Link to="/sign-in">{t('signIn.submit')}</Link>
      ) : null}
    </div>
  );
}

export function RouteMissing() {
  return (
    <div className="page">
      <Missing />
    </div>
  );
}
