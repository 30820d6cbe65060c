import { NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { API, address } from '../../api/client';
import { orderVersionsQuery } from '../../api/queries';
import type { OrderVersion, OrderView, VersionFate } from '../../api/types';
import { useTranslation } from '../../lib/i18n';
import { Badge, type Tone } from '../../ui/badge';
import { Empty, Frame } from '../../ui/frame';
import { useLabels } from '../../ui/labels';
import { Moment } from '../../ui/moment';
import { MoneyText } from '../../ui/money';
import { Panel } from '../../ui/page';
import { VersionDiff } from './version-diff';

const TONES: Record<VersionFate, Tone> = {
  standing: 'accent',
  superseded: 'plain',
  agreed: 'good',
  amended: 'plain',
  expired: 'bad',
  withdrawn: 'bad',
  declined: 'bad',
};
const LANGUAGES = ['both', 'en', 'zh'] as const;

/** The negotiation: every version with who made it and what became of it, the papers, and any two side by side. */
export function Versions({ order }: { order: OrderView }) {
  const { t, i18n } = useTranslation();
  const asked = useQuery(orderVersionsQuery(order.id));
  const [language, setLanguage] = useState<string>(i18n.language === 'zh' ? 'zh' : 'both');
  const choice = (
    <NativeSelect
      size="xs"
      aria-label={t('papers.language')}
      value={language}
      onChange={(e) => setLanguage(e.currentTarget.value)}
      data={LANGUAGES.map((value) => ({ value, label: t(`papers.lang.${value}`) }))}
    />
  );
  return (
    <Frame asked={asked}>
      {({ items }) =>
        items.length === 0 ? (
          <Panel title={t('versions.title')} aside={choice}>
            <Empty title={t('versions.empty')} hint={t('versions.emptyHint')} />
            <Papers order={order} language={language} />
          </Panel>
        ) : (
          <>
            <Panel title={t('versions.title')} aside={choice}>
              <ol className="versions" data-testid="versions">
                {[...items].reverse().map((version) => (
                  <Version key={version.no} version={version} order={order} language={language} />
                ))}
              </ol>
            </Panel>
            <VersionDiff versions={items} />
          </>
        )
      }
    </Frame>
  );
}

function Version({
  version,
  order,
  language,
}: {
  version: OrderVersion;
  order: OrderView;
  language: string;
}) {
  const { t } = useTranslation();
  const labels = useLabels();
  const who = (actor: OrderVersion['made_by']) => labels.actor({ step: 'order.offer', actor });
  return (
    <li>
      <div className="row between">
        <span className="row">
          <strong>{t(`versions.kind.${version.kind}`, { no: version.no })}</strong>
          <Badge tone={TONES[version.fate]}>{t(`versions.fate.${version.fate}`)}</Badge>
          <span className="dim">{t(`role.${version.by}`)}</span>
        </span>
        <MoneyText value={version.total} strong />
      </div>
      <p className="tight small dim">
        {who(version.made_by)} · <Moment at={version.made_at} />
        {version.fate === 'standing' ? (
          <>
            {' '}
            · {t('versions.until')} <Moment at={version.valid_until} away />
          </>
        ) : null}
        {version.agreed_by ? (
          <>
            <br />
            {t('versions.agreed', { who: who(version.agreed_by) })} <Moment at={version.agreed_at} />
          </>
        ) : null}
      </p>
      <p className="tight small version-hash">
        {t(version.agreed_by ? 'versions.hashBoth' : 'versions.hash')} <code>{version.contract_hash}</code>
      </p>
      <Papers order={order} language={language} version={version.no} />
    </li>
  );
}

/** Both papers of a version, one click each. */
function Papers({ order, language, version }: { order: OrderView; language: string; version?: number }) {
  const { t } = useTranslation();
  return (
    <p className="row tight">
      {(['contract', 'proforma'] as const).map((kind) => {
        const path = address(
          '/orders/{order}/papers/{kind}',
          { order: order.id, kind },
          { lang: language, version },
        );
        return (
          <a key={kind} href={API + path} download>
            {t(`papers.${kind}`)}
          </a>
        );
      })}
    </p>
  );
}
