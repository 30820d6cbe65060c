import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { call } from '../../api/client';
import type { Rfq } from '../../api/types';
import { useTranslation } from '../../lib/i18n';
import { Badge } from '../../ui/badge';
import { Frame } from '../../ui/frame';
import { useNames } from '../../ui/names';
import { Panel } from '../../ui/page';
import { ProblemAlert } from '../../ui/problem';
import { Fit } from './fit';
import { matchesQuery, STALE } from './queries';

/** Suppliers whose goods fit, with the reasons; the buyer may ask each by name. */
export function Matches({ rfq, acts }: { rfq: Rfq; acts: boolean }) {
  const { t } = useTranslation();
  const names = useNames();
  const client = useQueryClient();
  const asked = useQuery(matchesQuery(rfq.id));
  const invite = useMutation({
    mutationFn: (company: string) =>
      call('post', '/rfqs/{rfq}/invite', { path: { rfq: rfq.id }, body: { invited: [company] } }),
    onSettled: () => {
      for (const queryKey of STALE) void client.invalidateQueries({ queryKey });
    },
  });
  return (
    <Panel title={t('rfq.matches')}>
      <ProblemAlert fault={invite.error} />
      <Frame asked={asked} rows={3}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="dim tight">{t('rfq.noMatches')}</p>
          ) : (
            <ul className="effect">
              {items.map((match) => (
                <li key={match.supplier.id}>
                  <div>
                    <Link to="/companies/$id" params={{ id: match.supplier.id }}>
                      {match.supplier.name}
                    </Link>{' '}
                    <span className="dim">{names.country(match.supplier.country)}</span>
                    <Fit score={match.score} reasons={match.reasons} />
                  </div>
                  {match.invited ? (
                    <span className="keep-size">
                      <Badge tone="good">{t('rfq.invited')}</Badge>
                    </span>
                  ) : acts ? (
                    <Button
                      className="keep-size"
                      size="compact-sm"
                      variant="default"
                      aria-label={t('rfq.inviteNamed', { name: match.supplier.name })}
                      loading={invite.isPending && invite.variables === match.supplier.id}
                      onClick={() => invite.mutate(match.supplier.id)}
                    >
                      {t('rfq.invite')}
                    </Button>
                  ) : null}
                </li>
              ))}
            </ul>
          )
        }
      </Frame>
    </Panel>
  );
}
