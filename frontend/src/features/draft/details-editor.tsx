import { NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Address, Contact, IncotermCode } from '../../api/types';
import { AmountInput, CountInput } from '../../ui/inputs';
import { Panel } from '../../ui/page';
import type { EditorProps } from './lines-editor';

const INCOTERMS: IncotermCode[] = [
  'EXW',
  'FCA',
  'FAS',
  'FOB',
  'CFR',
  'CIF',
  'CPT',
  'CIP',
  'DAP',
  'DPU',
  'DDP',
];
const ADDRESS = ['name', 'street', 'postcode', 'city', 'region', 'country'] as const;

function ContactFields({
  side,
  terms,
  onTerms,
  wrong,
}: EditorProps & { side: 'buyer_contact' | 'seller_contact' }) {
  const { t } = useTranslation();
  const put = (part: Partial<Contact>) => onTerms({ ...terms, [side]: { ...terms[side], ...part } });
  return (
    <fieldset className="cols">
      <legend>{t(`draft.${side}`)}</legend>
      <TextInput
        label={t('draft.contactName')}
        value={terms[side].name}
        error={wrong(`/${side}/name`)}
        onChange={(e) => put({ name: e.currentTarget.value })}
      />
      <TextInput
        label={t('field.email')}
        value={terms[side].email}
        error={wrong(`/${side}/email`)}
        onChange={(e) => put({ email: e.currentTarget.value })}
      />
      <TextInput
        label={t('draft.phone')}
        value={terms[side].phone}
        error={wrong(`/${side}/phone`)}
        onChange={(e) => put({ phone: e.currentTarget.value })}
      />
    </fieldset>
  );
}

export function DetailsEditor(props: EditorProps) {
  const { terms, onTerms, wrong } = props;
  const { t } = useTranslation();
  const address = (part: Partial<Address>) =>
    onTerms({ ...terms, delivery_address: { ...terms.delivery_address, ...part } });
  return (
    <>
      <Panel title={t('draft.delivery')}>
        <div className="cols">
          <NativeSelect
            label={t('product.incoterm')}
            value={terms.incoterm.code}
            error={wrong('/incoterm/code')}
            onChange={(e) =>
              onTerms({
                ...terms,
                incoterm: { ...terms.incoterm, code: e.currentTarget.value as IncotermCode },
              })
            }
            data={INCOTERMS}
          />
          <TextInput
            label={t('draft.place')}
            value={terms.incoterm.place}
            error={wrong('/incoterm/place') ?? wrong('/incoterm')}
            onChange={(e) =>
              onTerms({ ...terms, incoterm: { ...terms.incoterm, place: e.currentTarget.value } })
            }
          />
          <TextInput
            label={t('draft.consignee')}
            value={terms.consignee}
            error={wrong('/consignee')}
            onChange={(e) => onTerms({ ...terms, consignee: e.currentTarget.value })}
          />
          <TextInput
            label={t('draft.po')}
            value={terms.po_number ?? ''}
            error={wrong('/po_number')}
            onChange={(e) => onTerms({ ...terms, po_number: e.currentTarget.value || null })}
          />
        </div>
        <fieldset className="cols">
          <legend>{t('draft.address')}</legend>
          {ADDRESS.map((part) => (
            <TextInput
              key={part}
              label={t(`draft.address.${part}`)}
              maxLength={part === 'country' ? 2 : 120}
              value={terms.delivery_address[part]}
              error={wrong(`/delivery_address/${part}`)}
              onChange={(e) =>
                address({
                  [part]: part === 'country' ? e.currentTarget.value.toUpperCase() : e.currentTarget.value,
                })
              }
            />
          ))}
        </fieldset>
        <ContactFields side="buyer_contact" {...props} />
        <ContactFields side="seller_contact" {...props} />
      </Panel>
      <Panel title={t('draft.extras')}>
        <div className="cols">
          {(['freight_minor', 'discount_minor', 'tax_minor'] as const).map((part) => (
            <AmountInput
              key={`${part}-${terms.currency}`}
              label={t(`draft.${part}`)}
              minor={terms[part]}
              currency={terms.currency}
              error={wrong(`/${part}`)}
              onMinor={(minor) => onTerms({ ...terms, [part]: minor })}
            />
          ))}
        </div>
        <div className="cols">
          {(['deposit_days', 'acceptance_days', 'claim_window_days'] as const).map((part) => (
            <CountInput
              key={part}
              label={t(`draft.${part}`)}
              count={terms[part]}
              error={wrong(`/${part}`)}
              onCount={(days) => onTerms({ ...terms, [part]: days })}
            />
          ))}
        </div>
        <Textarea
          label={t('draft.quality')}
          description={t('draft.qualityHint')}
          autosize
          minRows={2}
          value={terms.quality_points.join('\n')}
          error={wrong('/quality_points')}
          onChange={(e) =>
            onTerms({
              ...terms,
              quality_points: e.currentTarget.value === '' ? [] : e.currentTarget.value.split('\n'),
            })
          }
        />
        <Textarea
          label={t('draft.notes')}
          autosize
          minRows={2}
          value={terms.notes}
          error={wrong('/notes')}
          onChange={(e) => onTerms({ ...terms, notes: e.currentTarget.value })}
        />
      </Panel>
    </>
  );
}
