import { SegmentedControl } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from '../../lib/i18n';

/** What is looked for: the words stay, the filters belong to one side. */
export function SearchSwitch({ on, q }: { on: 'products' | 'suppliers'; q: string | undefined }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  return (
    <SegmentedControl
      aria-label={t('products.lookFor')}
      value={on}
      onChange={(to) =>
        void (to === 'suppliers'
          ? navigate({ to: '/suppliers', search: { q } })
          : navigate({ to: '/products', search: { q } }))
      }
      data={[
        { value: 'products', label: t('products.title') },
        { value: 'suppliers', label: t('products.suppliers') },
      ]}
    />
  );
}
