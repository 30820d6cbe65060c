import { Button, Checkbox, CloseButton, TextInput } from '@mantine/core';
import type { CertificateDraft } from '../../api/types';
import { useTranslation } from '../../lib/i18n';
import { CountInput } from '../../ui/inputs';
import { Panel } from '../../ui/page';
import type { FieldProps } from './product-fields';

const CERTIFICATES_MAX = 10;
const OPTIONS_MAX = 3;

/** Samples, certificates and variants of a listing. */
export function ProductExtras(props: FieldProps) {
  return (
    <>
      <SampleFields {...props} />
      <Certificates {...props} />
      <FamilyFields {...props} />
    </>
  );
}

function SampleFields({ form, put, wrong }: FieldProps) {
  const { t } = useTranslation();
  const { sample } = form;
  return (
    <Panel title={t('sample.title')}>
      <Checkbox
        label={t('sample.offered')}
        checked={Boolean(sample)}
        onChange={(event) =>
          put({
            sample: event.currentTarget.checked ? { unit_price: '', max_quantity: 1, lead_days: 7 } : null,
          })
        }
      />
      {sample ? (
        <div className="cols">
          <TextInput
            label={t('sample.price', { currency: form.currency })}
            description={t('sample.free')}
            inputMode="decimal"
            required
            value={sample.unit_price}
            error={wrong('/sample/unit_price')}
            onChange={(event) => put({ sample: { ...sample, unit_price: event.currentTarget.value } })}
          />
          <CountInput
            label={t('sample.most')}
            count={sample.max_quantity}
            error={wrong('/sample/max_quantity')}
            onCount={(count) => put({ sample: { ...sample, max_quantity: count } })}
          />
          <CountInput
            label={t('sample.days')}
            count={sample.lead_days}
            error={wrong('/sample/lead_days')}
            onCount={(days) => put({ sample: { ...sample, lead_days: days } })}
          />
        </div>
      ) : null}
    </Panel>
  );
}

function Certificates({ form, put, wrong }: FieldProps) {
  const { t } = useTranslation();
  const named = form.certificates ?? [];
  const change = (at: number, part: Partial<CertificateDraft>) =>
    put({ certificates: named.map((one, n) => (n === at ? { ...one, ...part } : one)) });
  const text = (n: number, name: 'kind' | 'number' | 'issuer') => (
    <TextInput
      className="grow"
      label={t(`certificate.${name}`)}
      value={named[n]?.[name] ?? ''}
      error={wrong(`/certificates/${n}/${name}`)}
      onChange={(event) => change(n, { [name]: event.currentTarget.value })}
    />
  );
  return (
    <Panel title={t('certificate.title')}>
      {named.map((one, n) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: certificates are addressed by their place
        <div key={n} className="row bottom">
          {text(n, 'kind')}
          {text(n, 'number')}
          {text(n, 'issuer')}
          <TextInput
            label={t('certificate.until')}
            type="date"
            value={one.valid_until ?? ''}
            error={wrong(`/certificates/${n}/valid_until`)}
            onChange={(event) => change(n, { valid_until: event.currentTarget.value || null })}
          />
          <CloseButton
            aria-label={t('certificate.remove', { no: n + 1 })}
            onClick={() => put({ certificates: named.filter((_, other) => other !== n) })}
          />
        </div>
      ))}
      {wrong('/certificates') ? <p className="field-error">{wrong('/certificates')}</p> : null}
      <div>
        <Button
          variant="default"
          disabled={named.length >= CERTIFICATES_MAX}
          onClick={() =>
            put({ certificates: [...named, { kind: '', number: '', issuer: '', valid_until: null }] })
          }
        >
          {t('certificate.add')}
        </Button>
      </div>
    </Panel>
  );
}

function FamilyFields({ form, put, wrong }: FieldProps) {
  const { t } = useTranslation();
  const { family } = form;
  const options = Object.entries(family?.options ?? {});
  const set = (key: string, rows: [string, string][]) =>
    put({ family: key || rows.length ? { key, options: Object.fromEntries(rows) } : null });
  const change = (at: number, next: [string, string]) =>
    set(
      family?.key ?? '',
      options.map((row, n) => (n === at ? next : row)),
    );
  return (
    <Panel title={t('family.title')}>
      <p className="dim tight">{t('family.hint')}</p>
      <TextInput
        label={t('family.key')}
        value={family?.key ?? ''}
        error={wrong('/family/key')}
        onChange={(event) => set(event.currentTarget.value, options)}
      />
      {options.map(([name, value], n) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: options are addressed by their place
        <div key={n} className="row bottom pair">
          <TextInput
            className="grow"
            label={t('family.option')}
            value={name}
            onChange={(event) => change(n, [event.currentTarget.value, value])}
          />
          <TextInput
            className="grow"
            label={t('family.value')}
            value={value}
            onChange={(event) => change(n, [name, event.currentTarget.value])}
          />
          <CloseButton
            aria-label={t('family.removeOption', { no: n + 1 })}
            onClick={() =>
              set(
                family?.key ?? '',
                options.filter((_, other) => other !== n),
              )
            }
          />
        </div>
      ))}
      {wrong('/family/options') ? <p className="field-error">{wrong('/family/options')}</p> : null}
      <div>
        <Button
          variant="default"
          disabled={options.length >= OPTIONS_MAX || options.some(([name]) => name === '')}
          onClick={() => set(family?.key ?? '', [...options, ['', '']])}
        >
          {t('family.addOption')}
        </Button>
      </div>
    </Panel>
  );
}
