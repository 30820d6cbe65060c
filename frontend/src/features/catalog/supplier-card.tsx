import { Link } from '@tanstack/react-router';
import type { FoundSupplier } from '../../api/types';
import { useTranslation } from '../../lib/i18n';
import { Badge } from '../../ui/badge';
import { useCategories } from '../../ui/categories';
import { LevelBadge } from '../../ui/level-badge';
import { useNames } from '../../ui/names';
import { useResponseText } from '../../ui/response-clock';
import './supplier-card.css';

/** Categories named on a card. */
const NAMED = 4;

export function SupplierCards({ items }: { items: FoundSupplier[] }) {
  return (
    <ul className="supplier-cards">
      {items.map((supplier) => (
        <SupplierCard key={supplier.id} supplier={supplier} />
      ))}
    </ul>
  );
}

/** Who it is, what it proved, what it lists, how soon it answers and how punctual it was. */
function SupplierCard({ supplier }: { supplier: FoundSupplier }) {
  const { t } = useTranslation();
  const names = useNames();
  const say = useResponseText();
  const place = [supplier.city, names.country(supplier.country)].filter(Boolean).join(', ');
  return (
    <li className="supplier-card" data-testid="supplier-card">
      <div className="supplier-head">
        <Link to="/companies/$id" params={{ id: supplier.id }} className="card-title">
          {names.company(supplier)}
        </Link>
        <span className="dim small">{place}</span>
      </div>
      <div className="supplier-proofs">
        <LevelBadge level={supplier.verified_level} />
        {supplier.proofs.map((kind) => (
          <Badge
            key={kind}
            title={`${t(`proof.proves.${kind}`)} ${t('proof.doesNotProve')} ${t(`proof.not.${kind}`)}`}
          >
            {t(`proof.kind.${kind}`)}
          </Badge>
        ))}
      </div>
      <Lists supplier={supplier} />
      <dl className="supplier-facts small">
        <dt>{t('suppliers.answers')}</dt>
        <dd title={t('clock.means')}>{supplier.response ? say(supplier.response) : t('clock.none')}</dd>
        {supplier.record ? (
          <>
            <dt>{t('record.onTime')}</dt>
            <dd title={t('record.means')} data-testid="on-time">
              <OnTimeText record={supplier.record} />
            </dd>
          </>
        ) : null}
      </dl>
    </li>
  );
}

function OnTimeText({ record }: { record: NonNullable<FoundSupplier['record']> }) {
  const { t } = useTranslation();
  if (record.on_time_bps === null) return t('suppliers.noRecord', { count: record.shipments });
  return t('record.onTimeOf', {
    percent: Math.floor(record.on_time_bps / 100),
    count: record.shipments,
  });
}

/** What it lists: the number, and the categories that lead to its products. */
function Lists({ supplier }: { supplier: FoundSupplier }) {
  const { t } = useTranslation();
  const categories = useCategories();
  const named = supplier.categories.slice(0, NAMED);
  const more = supplier.categories.length - named.length;
  return (
    <p className="tight small supplier-lists">
      <Link to="/products" search={{ supplier: supplier.id }} className="num card-link">
        {t('suppliers.listings', {
          count: supplier.listings,
          context: supplier.listings === 1 ? 'one' : undefined,
        })}
      </Link>
      {named.map(({ category, count }) => (
        <span key={category}>
          {' · '}
          <Link to="/products" search={{ supplier: supplier.id, category }} className="card-link">
            {categories.name(category)}
          </Link>{' '}
          <span className="num dim">{count}</span>
        </span>
      ))}
      {more > 0 ? ` · ${t('products.more', { count: more })}` : null}
    </p>
  );
}
