import IconHeart from '@tabler/icons-react/dist/esm/icons/IconHeart.mjs';
import IconHeartFilled from '@tabler/icons-react/dist/esm/icons/IconHeartFilled.mjs';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { call } from '../api/client';
import { shortlistedQuery } from '../api/goods';
import { useTranslation } from '../lib/i18n';
import { useProblemText } from './problem';
import { useShortlists } from './use-shortlists';
import './heart.css';

/** Keeps a product on the company's shortlist, or takes it off. */
export function Heart({ id, title, labelled }: { id: string; title: string; labelled?: boolean }) {
  const { t } = useTranslation();
  const { sayFault } = useProblemText();
  const client = useQueryClient();
  const keeps = useShortlists();
  const listed = useQuery({ ...shortlistedQuery, enabled: keeps });
  const on = listed.data?.products.includes(id) ?? false;
  const toggle = useMutation({
    mutationFn: (keep: boolean) =>
      keep
        ? call('put', '/shortlist/{id}', { path: { id }, body: {} })
        : call('delete', '/shortlist/{id}', { path: { id } }),
    onSettled: () => client.invalidateQueries({ queryKey: ['shortlist'] }),
  });
  if (!keeps || !listed.data) return null;
  const shown = toggle.isPending ? toggle.variables : on;
  const label = t(shown ? 'shortlist.remove' : 'shortlist.add');
  return (
    <button
      type="button"
      className={shown ? 'heart on' : 'heart'}
      aria-pressed={shown}
      aria-label={`${t('shortlist.keep')}: ${title}`}
      title={toggle.error ? sayFault(toggle.error) : label}
      disabled={toggle.isPending}
      onClick={() => toggle.mutate(!on)}
    >
      {shown ? <IconHeartFilled size={16} aria-hidden="true" /> : <IconHeart size={16} aria-hidden="true" />}
      {labelled ? <span>{label}</span> : null}
      {toggle.error ? <span role="alert">{sayFault(toggle.error)}</span> : null}
    </button>
  );
}

export default Heart;
