import { useQuery } from '@tanstack/react-query';
import { meQuery } from '../api/queries';

/** Whether the seat keeps a shortlist: those who trade for a company. */
export function useShortlists(): boolean {
  const { data: me } = useQuery(meQuery);
  return Boolean(me?.seat.company && ['owner', 'trader'].includes(me.seat.role));
}
