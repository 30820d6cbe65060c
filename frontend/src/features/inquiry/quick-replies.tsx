import { NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { templatesQuery } from '../../api/inquiries';
import type { Side, Template } from '../../api/types';
import { useTranslation } from '../../lib/i18n';

/** Beginnings everybody has, by side; each text is in both languages. */
const STARTERS = {
  buyer: ['quote', 'sample', 'certificates', 'lead', 'packing'],
  seller: ['thanks', 'price', 'sampleFree', 'docs', 'moq'],
} as const satisfies Record<Side, readonly string[]>;

/** The words of a saved text, English above Chinese; one language alone where the other is empty. */
export const wordsOf = (template: Template) =>
  [template.text_en.trim(), template.text_zh.trim()].filter(Boolean).join('\n');

/** Puts a saved text or a starter into the message: readers of either language can read it. */
export function QuickReplies({ side, onPick }: { side: Side; onPick: (text: string) => void }) {
  const { t } = useTranslation();
  const { data } = useQuery(templatesQuery);
  const saved = data?.items ?? [];
  const pick = (value: string) => {
    const template = saved.find((other) => `saved/${other.id}` === value);
    if (template) onPick(wordsOf(template));
    else if (value) onPick(t(`inquiry.starter.${value}.text`));
  };
  const starters = STARTERS[side].map((name) => ({
    value: `${side}.${name}`,
    label: t(`inquiry.starter.${side}.${name}`),
  }));
  return (
    <NativeSelect
      size="xs"
      aria-label={t('inquiry.quick')}
      value=""
      onChange={(event) => pick(event.currentTarget.value)}
      data={[
        { value: '', label: t('inquiry.quick') },
        ...(saved.length > 0
          ? [
              {
                group: t('inquiry.texts'),
                items: saved.map((one) => ({ value: `saved/${one.id}`, label: one.title })),
              },
            ]
          : []),
        { group: t('inquiry.starters'), items: starters },
      ]}
    />
  );
}
