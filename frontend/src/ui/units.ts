import { useTranslation } from '../lib/i18n';

const UNITS = ['pcs', 'set', 'pair', 'unit', 'm', 'm2', 'm3', 'kg'];

/** The units goods are counted in, as a choice; a unit from elsewhere stays in it. */
export function useUnits() {
  const { t } = useTranslation();
  return (kept: string) =>
    [...new Set([...UNITS, kept])].map((unit) => ({
      value: unit,
      label: t(`unit.${unit}`, { defaultValue: unit }),
    }));
}
