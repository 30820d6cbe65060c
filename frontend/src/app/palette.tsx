import { Modal, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type KeyboardEvent, useState } from 'react';
import { call } from '../api/client';
import { suggestionsQuery, suppliersQuery } from '../api/queries';
import type { Seat } from '../api/types';
import { useTranslation } from '../lib/i18n';
import { useNames } from '../ui/names';
import { NAV } from './nav';

interface Hit {
  id: string;
  kind: string;
  label: string;
  go: () => void;
}

/** Go to a page, an order, a product or a supplier by typing. */
export function Palette({ opened, onClose, seat }: { opened: boolean; onClose: () => void; seat: Seat }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const [wanted] = useDebouncedValue(text.trim(), 180);
  const enabled = opened && wanted.length > 1;
  const names = useNames();
  const products = useQuery({ ...suggestionsQuery(wanted), enabled });
  const suppliers = useInfiniteQuery({ ...suppliersQuery({ q: wanted, limit: 3 }), enabled });
  const orders = useQuery({
    queryKey: ['orders', 'palette'],
    queryFn: ({ signal }) => call('get', '/orders', { signal }),
    enabled: opened,
  });
  const close = () => {
    setText('');
    setAt(0);
    onClose();
  };
  const low = text.trim().toLowerCase();
  const has = (label: string) => label.toLowerCase().includes(low);
  const hits: Hit[] = [
    ...NAV.filter((entry) => entry.show(seat) && has(t(entry.labelKey))).map((entry) => ({
      id: entry.to,
      kind: t('palette.page'),
      label: t(entry.labelKey),
      go: () => void navigate({ to: entry.to }),
    })),
    ...(low
      ? (orders.data?.items ?? [])
          .filter((o) => has(`${o.number} ${o.title} ${o.buyer.name} ${o.seller.name}`))
          .slice(0, 6)
      : []
    ).map((o) => ({
      id: o.id,
      kind: t('palette.order'),
      label: `${o.number} · ${o.title}`,
      go: () => void navigate({ to: '/orders/$id', params: { id: o.id } }),
    })),
    ...(enabled ? (products.data?.products ?? []) : []).map((p) => ({
      id: p.id,
      kind: t('palette.product'),
      label: `${names.title(p)} · ${p.supplier.name}`,
      go: () => void navigate({ to: '/products/$id', params: { id: p.id } }),
    })),
    ...(enabled ? (suppliers.data?.pages[0]?.items ?? []) : []).map((s) => ({
      id: s.id,
      kind: t('palette.supplier'),
      label: names.company(s),
      go: () => void navigate({ to: '/companies/$id', params: { id: s.id } }),
    })),
  ];
  const current = Math.min(at, Math.max(0, hits.length - 1));
  const run = (hit: Hit | undefined) => {
    if (!hit) return;
    hit.go();
    close();
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      const step = event.key === 'ArrowDown' ? 1 : -1;
      setAt((current + step + hits.length) % Math.max(1, hits.length));
    }
    if (event.key === 'Enter') run(hits[current]);
  };
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={t('palette.title')}
      size="lg"
      yOffset="10vh"
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <TextInput
        data-autofocus
        role="combobox"
        aria-expanded
        aria-controls="palette-hits"
        aria-activedescendant={hits[current] ? `hit-${hits[current].id}` : undefined}
        aria-label={t('palette.title')}
        placeholder={t('palette.hint')}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setAt(0);
        }}
        onKeyDown={onKey}
      />
      <div id="palette-hits" role="listbox" aria-label={t('palette.hits')} className="hits">
        {hits.map((hit, i) => (
          <div
            key={hit.id}
            id={`hit-${hit.id}`}
            role="option"
            tabIndex={-1}
            aria-selected={i === current}
            className={i === current ? 'hit on' : 'hit'}
            onClick={() => run(hit)}
            onKeyDown={onKey}
            onMouseMove={() => setAt(i)}
          >
            <span>{hit.label}</span>
            <span className="dim">{hit.kind}</span>
          </div>
        ))}
      </div>
      {hits.length === 0 ? <p className="dim tight">{t('palette.nothing')}</p> : null}
    </Modal>
  );
}
