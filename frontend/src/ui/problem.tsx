import { Alert, Button } from '@mantine/core';
import IconAlert from '@tabler/icons-react/dist/esm/icons/IconAlertTriangle.mjs';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { ApiProblem } from '../api/client';
import { marketQuery } from '../api/queries';
import { formatMoment } from '../lib/dates';
import { localeOf } from '../lib/i18n';

type Refusal = { code: string; params?: Record<string, unknown>; detail: string };

/** Speaks a refusal in the reader's language, or in the server's words where we have none. */
export function useProblemText() {
  const { t, i18n } = useTranslation();
  const client = useQueryClient();
  const zone = client.getQueryData(marketQuery.queryKey)?.time_zone;
  const word = (name: string, value: unknown): unknown => {
    if (name === 'state' || name === 'status') return t(`status.${value}`, { defaultValue: String(value) });
    return /^\d{4}-\d\d-\d\dT/.test(String(value))
      ? formatMoment(String(value), localeOf(i18n.language), zone)
      : value;
  };
  const words = (params: Record<string, unknown>) =>
    Object.fromEntries(Object.entries(params).map(([name, value]) => [name, word(name, value)]));
  const say = (refusal: Refusal): string =>
    i18n.exists(`problem.${refusal.code}`)
      ? t(`problem.${refusal.code}`, words(refusal.params ?? {}))
      : refusal.detail || t('problem.unknown', { code: refusal.code });
  const sayFault = (fault: unknown): string =>
    fault instanceof ApiProblem ? say(fault.problem) : t('problem.unexpected');
  return { say, sayFault };
}

/** An error with what to do next. */
export function ProblemAlert({ fault, retry }: { fault: unknown; retry?: () => void }) {
  const { t } = useTranslation();
  const { sayFault } = useProblemText();
  if (!fault) return null;
  const next = fault instanceof ApiProblem ? fault.problem.next : undefined;
  return (
    <Alert
      color="red"
      variant="light"
      role="alert"
      icon={<IconAlert size={18} />}
      title={sayFault(fault)}
      className="problem"
    >
      {next ? <p className="tight">{next}</p> : null}
      {retry ? (
        <Button size="xs" variant="default" onClick={retry}>
          {t('common.retry')}
        </Button>
      ) : null}
    </Alert>
  );
}
