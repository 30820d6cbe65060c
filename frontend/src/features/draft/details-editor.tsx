import { NativeSelect, Textarea, TextInput } from '@mantine/core';
import type { IncotermCode } from '../../api/types';
import { useTranslation } from '../../lib/i18n';
import { AmountInput, CountInput } from '../../ui/inputs';
import { Panel } from '../../ui/page';
import { AddressFields, ContactFields } from '../../ui/party-fields';
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

export function DetailsEditor(props: EditorProps) {
  const { terms, onTerms, wrong } = props;
  const { t } = useTranslation();
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
        <AddressFields
          value={terms.delivery_address}
          onValue={(delivery_address) => onTerms({ ...terms, delivery_address })}
          wrong={(part) => wrong(`/delivery_address/${part}`)}
        />
        {(['buyer_contact', 'seller_contact'] as const).map((side) => (
          <ContactFields
            key={side}
            side={side}
            value={terms[side]}
            onValue={(contact) => onTerms({ ...terms, [side]: contact })}
            wrong={(part) => wrong(`/${side}/${part}`)}
          />
        ))}
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
