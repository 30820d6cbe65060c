import { useTranslation } from '../lib/i18n';

export type Tone = 'plain' | 'accent' | 'good' | 'warn' | 'bad';

const TONES: Record<string, Tone> = {
  draft: 'plain',
  offered: 'accent',
  agreed: 'accent',
  active: 'accent',
  completed: 'good',
  closed: 'plain',
  cancelled: 'bad',
  expired: 'bad',
  due: 'warn',
  funded: 'accent',
  partly_released: 'accent',
  released: 'good',
  refunded: 'plain',
  lapsed: 'bad',
  dispatched: 'accent',
  delivered: 'warn',
  accepted: 'good',
  auto_accepted: 'good',
};

export function Badge({
  tone = 'plain',
  children,
  title,
}: {
  tone?: Tone;
  children: React.ReactNode;
  title?: string;
}) {
  return (
    <span className={`badge ${tone}`} title={title}>
      {children}
    </span>
  );
}

export function StatusBadge({ status }: { status: string }) {
  const { t } = useTranslation();
  return <Badge tone={TONES[status] ?? 'plain'}>{t(`status.${status}`, { defaultValue: status })}</Badge>;
}
