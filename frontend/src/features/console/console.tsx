import { Button, Switch } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../../api/client';
import { marketQuery, meQuery } from '../../api/queries';
import type { CapabilitySwitch, ClockChange, Era as EraName, EraSwitch, Market } from '../../api/types';
import { rateOf } from '../../lib/dates';
import { useTranslation } from '../../lib/i18n';
import { Badge } from '../../ui/badge';
import { Frame, NotPermitted } from '../../ui/frame';
import { CountInput } from '../../ui/inputs';
import { Moment } from '../../ui/moment';
import { Page, Panel } from '../../ui/page';
import { ProblemAlert } from '../../ui/problem';
import { Activity } from './activity';

const ERAS: EraName[] = ['1.0', '2.0', '3.0'];

type MarketChange = { clock: ClockChange } | { era: EraSwitch } | { capability: CapabilitySwitch };

/** Everything in the market may change when its time or rules do. */
function useMarketCommand() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (change: MarketChange): Promise<{ now: string; executed?: number }> => {
      if ('clock' in change) return call('post', '/market/clock', { body: change.clock });
      if ('era' in change) return call('post', '/market/era', { body: change.era });
      return call('post', '/market/capabilities', { body: change.capability });
    },
    onSuccess: () => client.invalidateQueries({ predicate: (query) => query.queryKey[0] !== 'me' }),
  });
}

export function MarketConsole() {
  const { t } = useTranslation();
  const { data: me } = useQuery(meQuery);
  const asked = useQuery(marketQuery);
  if (me && me.seat.role !== 'admin' && me.seat.role !== 'teacher') return <NotPermitted />;
  return (
    <Page title={t('nav.market')} lead={t('console.lead')}>
      <Frame asked={asked}>
        {(market) => (
          <div className="stack">
            <div className="cols wide">
              <Clock market={market} />
              <Era market={market} />
            </div>
            <Activity />
            <Capabilities market={market} />
          </div>
        )}
      </Frame>
    </Page>
  );
}

function Clock({ market }: { market: Market }) {
  const { t } = useTranslation();
  const command = useMarketCommand();
  const [rate, setRate] = useState(rateOf(market.clock));
  const send = (clock: ClockChange) => command.mutate({ clock });
  return (
    <Panel title={t('console.clock')}>
      <div className="clock-face">
        <Moment at={market.clock.now} />
      </div>
      <dl className="facts">
        <dt>{t('market.next')}</dt>
        <dd>{market.next_deadline ? <Moment at={market.next_deadline} away /> : t('console.noDeadline')}</dd>
        <dt>{t('console.zone')}</dt>
        <dd>{market.time_zone}</dd>
      </dl>
      <div className="row">
        <Button
          loading={command.isPending}
          onClick={() => send({ action: market.clock.paused ? 'resume' : 'pause' })}
        >
          {market.clock.paused ? t('console.resume') : t('console.pause')}
        </Button>
        <Button
          variant="default"
          disabled={command.isPending}
          onClick={() => send({ action: 'advance', by: '1h' })}
        >
          {t('console.plusHour')}
        </Button>
        <Button
          data-testid="clock-plus-day"
          variant="default"
          disabled={command.isPending}
          onClick={() => send({ action: 'advance', by: '1d' })}
        >
          {t('console.plusDay')}
        </Button>
        <Button
          variant="default"
          disabled={command.isPending}
          onClick={() => send({ action: 'advance', by: '30d' })}
        >
          {t('console.plusMonth')}
        </Button>
        <Button
          data-testid="clock-next-deadline"
          variant="default"
          disabled={command.isPending || !market.next_deadline}
          onClick={() => send({ action: 'next_deadline' })}
        >
          {t('console.toDeadline')}
        </Button>
      </div>
      <form
        className="row bottom"
        onSubmit={(event) => {
          event.preventDefault();
          send({ action: 'set_rate', rate_ppm: Math.round(rate * 1_000_000) });
        }}
      >
        <CountInput
          label={t('console.rate')}
          description={t('console.rateHint')}
          count={rate}
          onCount={setRate}
        />
        <Button type="submit" variant="default">
          {t('console.setRate')}
        </Button>
      </form>
      <div role="status">
        {typeof command.data?.executed === 'number'
          ? t('console.executed', { count: command.data.executed })
          : ''}
      </div>
      <ProblemAlert fault={command.error} />
    </Panel>
  );
}

function Era({ market }: { market: Market }) {
  const { t } = useTranslation();
  const command = useMarketCommand();
  return (
    <Panel title={t('console.era')}>
      <div className="row">
        {ERAS.map((era) => (
          <Button
            key={era}
            variant={market.era === era ? 'filled' : 'default'}
            aria-pressed={market.era === era}
            disabled={command.isPending}
            onClick={() => command.mutate({ era: { era } })}
          >
            {era} · {t(`era.${era}`)}
          </Button>
        ))}
      </div>
      <p className="dim tight">{t('console.eraHint')}</p>
      <ProblemAlert fault={command.error} />
    </Panel>
  );
}

/** Every capability, by the era that brings it; each can be switched alone. */
function Capabilities({ market }: { market: Market }) {
  const { t } = useTranslation();
  const command = useMarketCommand();
  return (
    <Panel title={t('console.capability')}>
      <div className="cols wide top-aligned">
        {ERAS.map((era) => (
          <table key={era} className="grid compact">
            <thead>
              <tr>
                <th scope="col">
                  {era} · {t(`era.${era}`)}
                </th>
                <th scope="col" className="right">
                  {era > market.era ? (
                    <Badge tone="warn">{t('console.comesWith', { era })}</Badge>
                  ) : (
                    t('console.on')
                  )}
                </th>
              </tr>
            </thead>
            <tbody>
              {market.capabilities
                .filter((capability) => capability.era === era)
                .map((capability) => {
                  const name = t(`capability.${capability.name}`, {
                    defaultValue: capability.name.replaceAll('_', ' '),
                  });
                  return (
                    <tr key={capability.name} className={capability.on ? undefined : 'dim'}>
                      <td>{name}</td>
                      <td className="right">
                        <Switch
                          aria-label={name}
                          checked={capability.on}
                          disabled={command.isPending}
                          onChange={(e) =>
                            command.mutate({
                              capability: { name: capability.name, on: e.currentTarget.checked },
                            })
                          }
                          styles={{ root: { display: 'inline-block' } }}
                        />
                      </td>
                    </tr>
                  );
                })}
            </tbody>
          </table>
        ))}
      </div>
      <ProblemAlert fault={command.error} />
    </Panel>
  );
}
