import { Alert, Button } from '@mantine/core';
import IconAlert from '@tabler/icons-react/dist/esm/icons/IconAlertTriangle.mjs';
import { useTranslation } from 'react-i18next';
import { ApiProblem } from '../api/client';

type Refusal = { code: string; params?: Record<string, unknown>; detail: string };

/** Speaks a refusal in the reader's language, or in the server's words where we have none. */
export function useProblemText() {
  const { t, i18n } = useTranslation();
  const say = (refusal: Refusal): string =>
    i18n.exists(`problem.${refusal.code}`)
      ? t(`problem.${refusal.code}`, refusal.params ?? {})
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
