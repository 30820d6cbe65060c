import { Button, Textarea, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { ApiProblem, call } from '../../api/client';
import { useIntent } from '../../api/intent';
import { useKept } from '../../api/kept-state';
import { companyQuery, meQuery, productQuery } from '../../api/queries';
import type { Company, FileRef, InquiryDraft, Product } from '../../api/types';
import { useTranslation } from '../../lib/i18n';
import { ChooseFiles } from '../../ui/choose-files';
import { Frame, NotPermitted } from '../../ui/frame';
import { useNames } from '../../ui/names';
import { Page, Panel } from '../../ui/page';
import { ProblemAlert, Unconfirmed, useProblemText } from '../../ui/problem';
import { ResponseClock } from '../../ui/response-clock';
import { QuickReplies } from './quick-replies';
import './inquiry.css';

const route = getRouteApi('/shell/inquiries/new');

/** A question to one supplier, about a product or in general. */
export function AskPage() {
  const search = route.useSearch();
  const { data: me } = useQuery(meQuery);
  const product = useQuery({ ...productQuery(search.product ?? ''), enabled: Boolean(search.product) });
  const seller = search.seller ?? product.data?.supplier.id ?? '';
  const company = useQuery(companyQuery(seller));
  if (!me?.seat.company || !(me.seat.role === 'owner' || me.seat.role === 'trader')) return <NotPermitted />;
  if (search.product && !product.data) return <Frame asked={product}>{() => null}</Frame>;
  return (
    <Frame asked={company}>
      {(found) => <Ask key={found.id} company={found} product={product.data} quantity={search.quantity} />}
    </Frame>
  );
}

interface Form {
  subject: string;
  quantity: string;
  destination: string;
  price: string;
  text: string;
  files: FileRef[];
}

function Ask({ company, product, quantity }: { company: Company; product?: Product; quantity?: string }) {
  const { t } = useTranslation();
  const names = useNames();
  const navigate = useNavigate();
  const { sayField } = useProblemText();
  const first = (): Form => ({
    subject: product?.title ?? '',
    quantity: quantity ?? '',
    destination: '',
    price: '',
    text: '',
    files: [],
  });
  const place = `ask/${product?.id ?? company.id}`;
  const [form, put, forget] = useKept<Form>(place, first);
  const send = useIntent(
    place,
    (body: InquiryDraft, key: string) => call('post', '/inquiries', { body, key }),
    {
      invalidates: [['inquiries']],
      onSuccess: (receipt) => {
        forget(first());
        void navigate({ to: '/inquiries/$id', params: { id: receipt.id }, search: {} });
      },
    },
  );
  const fields = send.error instanceof ApiProblem ? send.error.fields : [];
  const wrong = (pointer: string) => {
    const found = fields.find((field) => field.pointer === pointer);
    return found ? sayField(found) : undefined;
  };
  const given = (text: string) => text.trim() || undefined;
  const submit = () =>
    send.mutate({
      seller: company.id,
      product: product?.id,
      subject: given(form.subject),
      quantity: given(form.quantity),
      destination: given(form.destination)?.toUpperCase(),
      target_price: given(form.price)
        ? { price: form.price.trim(), currency: product?.currency ?? 'USD' }
        : undefined,
      text: form.text,
      file_ids: form.files.map((file) => file.id),
    });
  return (
    <Page
      title={t('inquiry.askTitle', { name: company.name })}
      lead={
        <>
          <Link to="/companies/$id" params={{ id: company.id }}>
            {company.name}
          </Link>
          {' · '}
          <ResponseClock company={company.id} />
        </>
      }
    >
      <form
        className="ask"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Panel title={product ? names.title(product) : t('inquiry.general')}>
          <TextInput
            label={t('inquiry.subject')}
            required
            maxLength={200}
            value={form.subject}
            error={wrong('/subject')}
            onChange={(event) => put({ subject: event.currentTarget.value })}
          />
          <div className="cols">
            <TextInput
              label={
                product ? t('product.quantityIn', { unit: names.unit(product.unit) }) : t('inquiry.quantity')
              }
              inputMode="decimal"
              value={form.quantity}
              error={wrong('/quantity')}
              onChange={(event) => put({ quantity: event.currentTarget.value })}
            />
            <TextInput
              label={t('inquiry.targetPriceIn', { currency: product?.currency ?? 'USD' })}
              inputMode="decimal"
              value={form.price}
              error={wrong('/target_price')}
              onChange={(event) => put({ price: event.currentTarget.value })}
            />
            <TextInput
              label={t('inquiry.destination')}
              placeholder="DE"
              maxLength={2}
              value={form.destination}
              error={wrong('/destination')}
              description={form.destination.length === 2 ? names.country(form.destination.toUpperCase()) : ''}
              onChange={(event) => put({ destination: event.currentTarget.value })}
            />
          </div>
          <QuickReplies
            side="buyer"
            onPick={(words) => put({ text: form.text.trim() ? `${form.text.trimEnd()}\n${words}` : words })}
          />
          <Textarea
            label={t('inquiry.text')}
            required={form.files.length === 0}
            autosize
            minRows={5}
            value={form.text}
            error={wrong('/text')}
            onChange={(event) => put({ text: event.currentTarget.value })}
          />
          <Unconfirmed shown={send.unconfirmed} />
          <ProblemAlert fault={send.error} />
          <div className="row end">
            <ChooseFiles
              name={`inquiry-file/${place}`}
              files={form.files}
              onFiles={(files) => put({ files })}
              send={(sent, key) => call('post', '/inquiry-files', { ...sent, key })}
            />
            <Button type="submit" loading={send.isPending} data-testid="send-inquiry">
              {t('inquiry.send')}
            </Button>
          </div>
        </Panel>
      </form>
    </Page>
  );
}
