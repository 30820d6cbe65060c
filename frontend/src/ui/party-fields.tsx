import { TextInput } from '@mantine/core';
import type { Address, Contact } from '../api/types';
import { useTranslation } from '../lib/i18n';

const ADDRESS = ['name', 'street', 'postcode', 'city', 'region', 'country'] as const;

interface Props<T> {
  value: T;
  onValue: (value: T) => void;
  /** The complaint about one part, if there is one. */
  wrong: (part: string) => string | undefined;
}

/** Where the goods go. */
export function AddressFields({ value, onValue, wrong }: Props<Address>) {
  const { t } = useTranslation();
  return (
    <fieldset className="cols">
      <legend>{t('draft.address')}</legend>
      {ADDRESS.map((part) => (
        <TextInput
          key={part}
          label={t(`draft.address.${part}`)}
          maxLength={part === 'country' ? 2 : 120}
          value={value[part]}
          error={wrong(part)}
          onChange={(e) => {
            const typed = e.currentTarget.value;
            onValue({ ...value, [part]: part === 'country' ? typed.toUpperCase() : typed });
          }}
        />
      ))}
    </fieldset>
  );
}

/** Whom to ask at one of the parties. */
export function ContactFields({
  side,
  value,
  onValue,
  wrong,
}: Props<Contact> & { side: 'buyer_contact' | 'seller_contact' }) {
  const { t } = useTranslation();
  const put = (part: Partial<Contact>) => onValue({ ...value, ...part });
  return (
    <fieldset className="cols">
      <legend>{t(`draft.${side}`)}</legend>
      <TextInput
        label={t('draft.contactName')}
        value={value.name}
        error={wrong('name')}
        onChange={(e) => put({ name: e.currentTarget.value })}
      />
      <TextInput
        label={t('field.email')}
        value={value.email}
        error={wrong('email')}
        onChange={(e) => put({ email: e.currentTarget.value })}
      />
      <TextInput
        label={t('draft.phone')}
        value={value.phone}
        error={wrong('phone')}
        onChange={(e) => put({ phone: e.currentTarget.value })}
      />
    </fieldset>
  );
}
