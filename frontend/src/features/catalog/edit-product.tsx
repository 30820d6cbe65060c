import { Button } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { ApiProblem, call } from '../../api/client';
import { useIntent } from '../../api/intent';
import { useKept } from '../../api/kept-state';
import { meQuery, productQuery } from '../../api/queries';
import type { ListingQuality, Product, ProductDraft } from '../../api/types';
import { useTranslation } from '../../lib/i18n';
import { useCategories } from '../../ui/categories';
import { Frame, NotPermitted } from '../../ui/frame';
import { Page, Panel } from '../../ui/page';
import { ProblemAlert, Unconfirmed, useProblemText } from '../../ui/problem';
import { draftOf, emptyDraft, sentOf, type Typed, typedOf } from './draft';
import { ProductFields } from './product-fields';
import './catalog.css';

const route = getRouteApi('/shell/products/$id/edit');

/** A new listing. */
export function NewProduct() {
  const { data: me } = useQuery(meQuery);
  if (!me?.seat.company?.sells) return <NotPermitted />;
  return <Editor name="new" start={() => typedOf(emptyDraft())} />;
}

/** A listing of one's own, changed. */
export function EditProduct() {
  const { id } = route.useParams();
  const asked = useQuery(productQuery(id));
  const { data: me } = useQuery(meQuery);
  // From the first keystroke on, the listing as it was read: what somebody else saves meanwhile is not overwritten.
  const [held, hold] = useState<Product | null>(null);
  return (
    <Frame asked={asked}>
      {(newest) => {
        const product = held?.id === newest.id ? held : newest;
        const name = `${id}/${product.version}`;
        return me?.seat.company?.id === product.supplier.id ? (
          <Editor
            key={name}
            name={name}
            product={product}
            start={() => typedOf(draftOf(product))}
            onType={() => hold(product)}
          />
        ) : (
          <NotPermitted />
        );
      }}
    </Frame>
  );
}

/** What the server says of the draft as it stands: its quality, or its faults. */
function useCheck(draft: ProductDraft) {
  const [settled] = useDebouncedValue(draft, 300);
  return useQuery({
    queryKey: ['product-check', settled],
    queryFn: ({ signal }) => call('post', '/products/check', { body: settled, signal }),
    retry: false,
    placeholderData: (previous) => previous,
  });
}

function Editor(props: { name: string; product?: Product; start: () => Typed; onType?: () => void }) {
  const { t } = useTranslation();
  const { sayField } = useProblemText();
  const navigate = useNavigate();
  const { product } = props;
  const [form, change, forget] = useKept(`product/${props.name}`, props.start);
  const put = (part: Partial<Typed>) => {
    props.onType?.();
    change(part);
  };
  const draft = sentOf(form);
  const check = useCheck(draft);
  const save = useIntent(
    `product/${props.name}`,
    (body: ProductDraft, key: string) =>
      product
        ? call('put', '/products/{id}', { path: { id: product.id }, body, version: product.version })
        : call('post', '/products', { body, key }),
    {
      invalidates: [['products'], ['search'], ['product'], ['own-products'], ['own-stock']],
      onSuccess: ({ id }) => {
        forget(props.start());
        void navigate({ to: '/products/$id', params: { id } });
      },
    },
  );
  const faults = save.error instanceof ApiProblem ? save.error.fields : [];
  const live = check.error instanceof ApiProblem ? check.error.fields : [];
  const wrong = (pointer: string) => {
    const found = faults.find((fault) => fault.pointer === pointer);
    return found ? sayField(found) : undefined;
  };
  return (
    <Page
      title={product ? t('listing.edit') : t('listing.new')}
      lead={product ? <code>{product.sku}</code> : t('listing.lead')}
    >
      <form
        className="split"
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate(product ? draft : { ...draft, state: 'published' });
        }}
      >
        <ProductFields form={form} put={put} wrong={wrong} product={product} />
        <div className="stack listing-side">
          <Quality
            quality={check.error ? undefined : check.data}
            open={live.length}
            category={draft.category}
          />
          <Panel title={product ? t('listing.save') : t('listing.publish')}>
            <Unconfirmed shown={save.unconfirmed} />
            <ProblemAlert fault={save.error} />
            <Button type="submit" loading={save.isPending}>
              {product ? t('listing.save') : t('listing.publish')}
            </Button>
            {product ? null : (
              <Button
                variant="default"
                loading={save.isPending}
                onClick={() => save.mutate({ ...draft, state: 'draft' })}
              >
                {t('listing.saveDraft')}
              </Button>
            )}
          </Panel>
        </div>
      </form>
    </Page>
  );
}

/** Points of a hundred, and what to add for more. */
export function Quality({
  quality,
  open,
  category,
}: {
  quality: ListingQuality | undefined;
  open: number;
  category: string;
}) {
  const { t } = useTranslation();
  const categories = useCategories();
  return (
    <Panel title={t('listing.quality')}>
      {quality ? (
        <>
          <div className="row between">
            <strong className="num quality-score" data-testid="quality">
              {t('listing.points', { score: quality.score })}
            </strong>
            <meter
              min={0}
              max={100}
              low={50}
              high={80}
              optimum={100}
              value={quality.score}
              aria-label={t('listing.quality')}
            />
          </div>
          {quality.advice.length ? (
            <ul className="advice">
              {quality.advice.map(({ kind, gain, attribute }) => (
                <li key={attribute ?? kind}>
                  <span>
                    {attribute
                      ? t('listing.advice.fill_attribute', {
                          name: categories.attributeName(category, attribute),
                        })
                      : t(`listing.advice.${kind}`)}
                  </span>{' '}
                  <span className="num dim">+{gain}</span>
                </li>
              ))}
            </ul>
          ) : (
            <p className="dim tight">{t('listing.whole')}</p>
          )}
          {quality.full ? null : <p className="dim small tight">{t('listing.notFull')}</p>}
        </>
      ) : (
        <p className="dim tight">{t('listing.unfinished', { count: open })}</p>
      )}
    </Panel>
  );
}
