import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { onStepUp } from '../../api/client';
import type { Problem } from '../../api/types';
import { spoken } from '../../lib/i18n';

const StepUpDialog = lazy(() =>
  spoken(import('./step-up-dialog')).then((module) => ({ default: module.StepUpDialog })),
);

/** Waits for a step that wants the password or a code; the dialog is loaded when the first one does. */
export function StepUp() {
  const [problem, setProblem] = useState<Problem | null>(null);
  const answer = useRef<((right: boolean) => void) | null>(null);
  useEffect(
    () =>
      onStepUp(
        (asked) =>
          new Promise<boolean>((resolve) => {
            answer.current = resolve;
            setProblem(asked);
          }),
      ),
    [],
  );
  const end = (right: boolean) => {
    answer.current?.(right);
    answer.current = null;
    setProblem(null);
  };
  if (!problem) return null;
  return (
    <Suspense fallback={null}>
      <StepUpDialog problem={problem} onEnd={end} />
    </Suspense>
  );
}
