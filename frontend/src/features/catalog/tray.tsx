import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from '../../lib/i18n';
import { COMPARED_MAX, listed } from './filter';

/** The products marked for comparing, at the foot of the list. */
export function Tray(props: { compare: string | undefined; quantity?: string; clear: () => void }) {
  const { t } = useTranslation();
  const count = listed(props.compare).length;
  if (count === 0) return null;
  return (
    <section className="tray" aria-label={t('compare.title')} data-testid="tray">
      <span>{t('compare.tray', { count })}</span>
      <span className="row">
        <Button variant="default" size="xs" onClick={props.clear}>
          {t('compare.clear')}
        </Button>
        <Button
          size="xs"
          disabled={count < 2}
          renderRoot={(rest) => (
            <Link to="/compare" search={{ ids: props.compare, quantity: props.quantity }} {...rest} />
          )}
        >
          {t('compare.open')}
        </Button>
      </span>
    </section>
  );
}

/** Takes a product into the tray or out of it. */
export function CompareMark(props: {
  id: string;
  title: string;
  compare: string | undefined;
  toggle: () => void;
}) {
  const { t } = useTranslation();
  const chosen = listed(props.compare);
  const on = chosen.includes(props.id);
  const full = !on && chosen.length >= COMPARED_MAX;
  return (
    <label className="compare-mark" title={full ? t('compare.full') : undefined}>
      <input
        type="checkbox"
        checked={on}
        disabled={full}
        onChange={props.toggle}
        aria-label={`${t('compare.add')}: ${props.title}`}
      />
      <span aria-hidden="true">{t('compare.add')}</span>
    </label>
  );
}
