import { useTranslation } from '../lib/i18n';
import { Badge } from './badge';

/** The level of verification in a word; what it rests on shows on hover. */
export function LevelBadge({ level }: { level: number }) {
  const { t } = useTranslation();
  return (
    <Badge tone={level > 0 ? 'good' : 'plain'} title={t(`proof.levelMeans.${level}`, { defaultValue: '' })}>
      {t(`products.verified.${level}`)}
    </Badge>
  );
}
