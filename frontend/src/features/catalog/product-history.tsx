import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { historyQuery } from '../../api/goods';
import { productQuery } from '../../api/queries';
import type { ListingChange, ListingEvent, Product } from '../../api/types';
import { useTranslation } from '../../lib/i18n';
import { useCategories } from '../../ui/categories';
import { Frame } from '../../ui/frame';
import { Moment } from '../../ui/moment';
import { useNames } from '../../ui/names';
import { Page, Panel } from '../../ui/page';
import './catalog.css';
import './goods.css';

const route = getRouteApi('/shell/products/$id/history');

/** Who changed what in a listing, and when: for its company. */
export function ProductHistory() {
  const { id } = route.useParams();
  const product = useQuery(productQuery(id));
  const asked = useQuery(historyQuery(id));
  return (
    <Frame asked={product}>
      {(found) => <Frame asked={asked}>{(page) => <History product={found} events={page.items} />}</Frame>}
    </Frame>
  );
}

/** The label of a field as the form calls it. */
function useField(category: string) {
  const { t } = useTranslation();
  const categories = useCategories();
  return (field: string): string => {
    const [head, ...rest] = field.split('.');
    const tail = rest.join('.');
    if (head === 'attributes' && tail) return categories.attributeName(category, tail);
    const name = head === 'product' || head === 'sample' || head === 'family' ? `${head}.${tail}` : field;
    return t(`listingField.${name}`, { defaultValue: field });
  };
}

function History({ product, events }: { product: Product; events: ListingEvent[] }) {
  const { t } = useTranslation();
  const names = useNames();
  const field = useField(product.category);
  return (
    <Page
      title={t('history.title')}
      lead={
        <Link to="/products/$id" params={{ id: product.id }}>
          {names.title(product)}
        </Link>
      }
    >
      {events.map((event) => (
        <Panel
          key={event.version}
          title={t('history.version', { version: event.version })}
          aside={<Moment at={event.at} />}
        >
          <p className="dim tight">
            {t(`step.${event.step}`)} ·{' '}
            {event.actor.name ?? t(`role.${event.actor.role}`, { defaultValue: event.actor.role })}
          </p>
          {event.changes.length > 0 ? (
            <dl className="facts changes">
              {event.changes.map((change) => (
                <Change key={change.field} change={change} label={field(change.field)} />
              ))}
            </dl>
          ) : null}
        </Panel>
      ))}
    </Page>
  );
}

function Change({ change, label }: { change: ListingChange; label: string }) {
  const { t } = useTranslation();
  const shown = (value: string | null) => {
    if (value === null) return '—';
    // Cut off where it was long: what is left of a rung then stays as it came.
    if (change.field === 'product.ladder')
      return value.replace(/from_quantity ([\d.]+), unit_price ([\d.]+)/g, '$1+: $2');
    if (change.field === 'product.supply') return t(`stock.supply.${value}`, { defaultValue: value });
    return change.field === 'state' ? t(`listingState.${value}`, { defaultValue: value }) : value;
  };
  return (
    <>
      <dt>{label}</dt>
      <dd>
        <del>{shown(change.before)}</del> → <ins>{shown(change.after)}</ins>
      </dd>
    </>
  );
}
