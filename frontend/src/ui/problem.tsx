import { Alert, Button } from '@mantine/core';
import IconAlert from '@tabler/icons-react/dist/esm/icons/IconAlertTriangle.mjs';
import { useQueryClient } from '@tanstack/react-query';
import { ApiProblem } from '../api/client';
import { marketQuery } from '../api/queries';
import type { FieldProblem } from '../api/types';
import { formatMoment } from '../lib/dates';
import { localeOf, useTranslation } from '../lib/i18n';
import { formatMoney } from '../lib/money';

type Refusal = { code: string; params?: Record<string, unknown>; detail: string };

/** Parameters in minor units, where the refusal names a currency. */
const AMOUNTS = ['have', 'need', 'held', 'max', 'balance'];

/** Speaks a refusal in the reader's language, or in the server's words where we have none. */
export function useProblemText() {
  const { t, i18n } = useTranslation();
  const client = useQueryClient();
  const zone = client.getQueryData(marketQuery.queryKey)?.time_zone;
  const locale = localeOf(i18n.language);
  const word = (name: string, value: unknown, currency: unknown): unknown => {
    const text = String(value);
    if (name === 'state' || name === 'status') return t(`status.${text}`, { defaultValue: text });
    if (typeof currency === 'string' && AMOUNTS.includes(name) && /^-?\d+$/.test(text))
      return formatMoney(text, currency, locale);
    return /^\d{4}-\d\d-\d\dT/.test(text) ? formatMoment(text, locale, zone) : value;
  };
  const words = (params: Record<string, unknown>) =>
    Object.fromEntries(
      Object.entries(params).map(([name, value]) => [name, word(name, value, params.currency)]),
    );
  const say = (refusal: Refusal): string =>
    i18n.exists(`problem.${refusal.code}`)
      ? t(`problem.${refusal.code}`, { ...words(refusal.params ?? {}), context: refusal.params?.reason })
      : refusal.detail || t('problem.unknown', { code: refusal.code });
  const sayFault = (fault: unknown): string =>
    fault instanceof ApiProblem ? say(fault.problem) : t('problem.unexpected');
  /** What is wrong with one field. */
  const sayField = (field: Pick<FieldProblem, 'code' | 'detail'>): string =>
    i18n.exists(`fault.${field.code}`)
      ? t(`fault.${field.code}`)
      : i18n.exists(`problem.${field.code}`)
        ? t(`problem.${field.code}`)
        : field.detail;
  /** What to do about it. */
  const sayNext = (fault: unknown): string =>
    fault instanceof ApiProblem
      ? t(`next.${fault.problem.code}`, { defaultValue: fault.problem.next ?? '' })
      : '';
  return { say, sayFault, sayField, sayNext };
}

/** Tells that a form was sent before without an answer, and that sending it again is safe. */
export function Unconfirmed({ shown }: { shown: boolean }) {
  const { t } = useTranslation();
  if (!shown) return null;
  return (
    <p className="notice" role="status">
      {t('intent.unconfirmed')}
    </p>
  );
}

/** An error with what to do next. */
export function ProblemAlert({ fault, retry }: { fault: unknown; retry?: () => void }) {
  const { t } = useTranslation();
  const { sayFault, sayNext } = useProblemText();
  if (!fault) return null;
  const next = sayNext(fault);
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
