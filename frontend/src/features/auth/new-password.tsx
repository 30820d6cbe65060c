import { PasswordInput } from '@mantine/core';
import { ApiProblem } from '../../api/client';
import { useTranslation } from '../../lib/i18n';
import { useProblemText } from '../../ui/problem';

/** What the server says about one field of a form. */
export function useFieldFaults(fault: unknown) {
  const { say } = useProblemText();
  const fields = fault instanceof ApiProblem ? fault.fields : [];
  return (pointer: string) => {
    const found = fields.find((field) => field.pointer === pointer);
    return found ? say(found) : undefined;
  };
}

/** A password about to be set. */
export function NewPassword({
  value,
  onValue,
  error,
  label,
}: {
  value: string;
  onValue: (value: string) => void;
  error?: string;
  label?: string;
}) {
  const { t } = useTranslation();
  return (
    <PasswordInput
      required
      label={label ?? t('field.password')}
      description={t('signUp.passwordHint')}
      autoComplete="new-password"
      maxLength={256}
      visibilityToggleButtonProps={{ 'aria-label': t('field.showPassword') }}
      value={value}
      error={error}
      onChange={(event) => onValue(event.currentTarget.value)}
    />
  );
}
