import { TextInput, type TextInputProps } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from '../lib/i18n';
import { minorToText, textToMinor } from '../lib/money';

type Base = Omit<TextInputProps, 'value' | 'onChange'>;

/** An amount typed as text and handed on as exact minor units. */
export function AmountInput({
  minor,
  currency,
  onMinor,
  error,
  ...rest
}: Base & { minor: string; currency: string; onMinor: (minor: string) => void }) {
  const { t } = useTranslation();
  const [text, setText] = useState(minor === '' || minor === '0' ? '' : minorToText(minor, currency));
  const bad = text !== '' && textToMinor(text, currency) === null;
  const shown =
    bad || (textToMinor(text || '0', currency) ?? 0n) === BigInt(minor || '0')
      ? text
      : minorToText(minor, currency);
  return (
    <TextInput
      inputMode="decimal"
      placeholder="0"
      rightSection={<span className="dim unit">{currency}</span>}
      rightSectionWidth={48}
      {...rest}
      value={shown}
      error={bad ? t('field.badAmount', { currency }) : error}
      onChange={(event) => {
        const typed = event.currentTarget.value;
        setText(typed);
        const value = textToMinor(typed, currency);
        if (typed === '' || value !== null) onMinor((value ?? 0n).toString());
      }}
    />
  );
}

/** A small whole number, such as days. */
export function CountInput({
  count,
  onCount,
  ...rest
}: Base & { count: number; onCount: (count: number) => void }) {
  const [text, setText] = useState(String(count));
  return (
    <TextInput
      inputMode="numeric"
      {...rest}
      value={text}
      onChange={(event) => {
        const typed = event.currentTarget.value.replace(/\D/g, '').slice(0, 4);
        setText(typed);
        onCount(Number(typed || 0));
      }}
    />
  );
}

/** A share typed in percent and handed on in basis points. */
export function PercentInput({ bps, onBps, ...rest }: Base & { bps: number; onBps: (bps: number) => void }) {
  const [text, setText] = useState(String(bps / 100));
  return (
    <TextInput
      inputMode="decimal"
      rightSection={<span className="dim">%</span>}
      {...rest}
      value={Math.round(Number(text || 0) * 100) === bps ? text : String(bps / 100)}
      onChange={(event) => {
        const typed = event.currentTarget.value;
        if (!/^\d{0,3}(\.\d{0,2})?$/.test(typed)) return;
        setText(typed);
        onBps(Math.round(Number(typed || 0) * 100));
      }}
    />
  );
}
