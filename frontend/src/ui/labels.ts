import { useTranslation } from '../lib/i18n';

interface Labelled {
  account: string;
  part?: number;
  label?: string;
}
interface Acted {
  step: string;
  actor?: { name: string | null; company: string | null; role: string };
}

/** Steps the carrier takes; where nobody has its seat, a robot plays it. */
const CARRIED = ['shipment.track', 'shipment.deliver'];

/** Names of books, actors and deadlines in the reader's language; the server's English where we have none. */
export function useLabels() {
  const { t } = useTranslation();
  return {
    account: ({ account, part, label }: Labelled) =>
      account === 'L.ESCROW' && part
        ? t('account.escrowStage', { no: part })
        : t(`account.${account}`, { defaultValue: label ?? account }),
    posting: (rule: string | null, fallback = '') =>
      rule ? t(`posting.${rule}`, { defaultValue: fallback || rule }) : fallback,
    /** Who did something: person and company, or which robot. */
    actor: ({ step, actor }: Acted) => {
      if (actor?.role === 'system') return CARRIED.includes(step) ? t('role.robot') : t('role.system');
      const names = [actor?.name, actor?.company].filter(Boolean).join(', ');
      return names || t(`role.${actor?.role}`, { defaultValue: actor?.role ?? '—' });
    },
    /** What a deadline means, for both sides to read. */
    deadline: (step: string) =>
      t(`deadline.${step}`, { defaultValue: t(`step.${step}`, { defaultValue: step }) }),
  };
}
