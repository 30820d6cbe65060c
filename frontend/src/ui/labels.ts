import { useTranslation } from 'react-i18next';

interface Labelled {
  account: string;
  part?: number;
  label?: string;
}

/** Names of the books in the reader's language; the server's English where we have none. */
export function useLabels() {
  const { t } = useTranslation();
  return {
    account: ({ account, part, label }: Labelled) =>
      account === 'L.ESCROW' && part
        ? t('account.escrowStage', { no: part })
        : t(`account.${account}`, { defaultValue: label ?? account }),
    posting: (rule: string | null, fallback = '') =>
      rule ? t(`posting.${rule}`, { defaultValue: fallback || rule }) : fallback,
  };
}
