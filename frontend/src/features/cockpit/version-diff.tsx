import { NativeSelect } from '@mantine/core';
import { useState } from 'react';
import type { OrderVersion } from '../../api/types';
import { formatMoment } from '../../lib/dates';
import { useTranslation } from '../../lib/i18n';
import { parsePrice } from '../../lib/ladder';
import { formatMoney } from '../../lib/money';
import { useNames } from '../../ui/names';
import { Panel } from '../../ui/page';
import { useLocale, useMarketTime } from '../../ui/use-locale';
import { differences, type Say } from './version-fields';

function useSay(): Say {
  const { t } = useTranslation();
  const names = useNames();
  const locale = useLocale();
  const { zone } = useMarketTime();
  return {
    t: (key, params) => t(key, params ?? {}),
    money: (minor, currency) => formatMoney(minor, currency, locale),
    price: (text, currency) => `${currency} ${names.price(parsePrice(text), currency)}`,
    quantity: (text, unit) => `${names.quantity(text)} ${names.unit(unit)}`,
    day: (day) => formatMoment(day, locale, zone, false),
  };
}

/** Any two versions, field by field: the old struck through beside the new. */
export function VersionDiff({ versions }: { versions: OrderVersion[] }) {
  const { t } = useTranslation();
  const say = useSay();
  const newest = versions.length;
  const [pair, setPair] = useState<{ from?: number; to?: number }>({});
  const [from, to] = [pair.from ?? Math.max(1, newest - 1), pair.to ?? newest];
  const [before, after] = [versions.find((v) => v.no === from), versions.find((v) => v.no === to)];
  if (newest < 2 || !before || !after) return null;
  const choices = versions.map((version) => ({
    value: String(version.no),
    label: t(`versions.kind.${version.kind}`, { no: version.no }),
  }));
  const found = differences(before.terms, after.terms, say);
  return (
    <Panel title={t('versions.compare')}>
      <div className="row">
        <NativeSelect
          size="xs"
          label={t('versions.from')}
          value={String(from)}
          onChange={(e) => setPair({ ...pair, from: Number(e.currentTarget.value) })}
          data={choices}
        />
        <NativeSelect
          size="xs"
          label={t('versions.to')}
          value={String(to)}
          onChange={(e) => setPair({ ...pair, to: Number(e.currentTarget.value) })}
          data={choices}
        />
      </div>
      {found.length === 0 ? (
        <p className="dim tight">{t('versions.same')}</p>
      ) : (
        <dl className="diff" data-testid="version-diff">
          {found.map((difference) => (
            <div key={difference.id}>
              <dt>{difference.label}</dt>
              <dd>
                {difference.from ? (
                  <del>{difference.from}</del>
                ) : (
                  <span className="dim">{t('common.none')}</span>
                )}
                <span aria-hidden="true"> → </span>
                {difference.to ? <ins>{difference.to}</ins> : <span className="dim">{t('common.none')}</span>}
              </dd>
            </div>
          ))}
        </dl>
      )}
    </Panel>
  );
}
