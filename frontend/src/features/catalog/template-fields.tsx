import { NativeSelect, TextInput } from '@mantine/core';
import type { CategoryAttribute } from '../../api/types';
import { useTranslation } from '../../lib/i18n';
import { useCategories } from '../../ui/categories';
import { Panel } from '../../ui/page';
import { withProperty } from './draft';
import type { FieldProps } from './product-fields';

/** What listings of the chosen category should state. */
export function TemplateFields({ form, put, wrong }: FieldProps) {
  const { t } = useTranslation();
  const categories = useCategories();
  const template = categories.template(form.category);
  if (template.length === 0) return null;
  const stated = (key: string) => form.properties.find((row) => row.name === key)?.value ?? '';
  const set = (key: string, value: string) => put({ properties: withProperty(form.properties, key, value) });
  return (
    <Panel title={t('listing.template', { category: categories.name(form.category) })}>
      <p className="dim tight">{t('listing.templateHint')}</p>
      <div className="cols">
        {template.map((attribute) => (
          <Field
            key={attribute.key}
            attribute={attribute}
            value={stated(attribute.key)}
            set={(value) => set(attribute.key, value)}
            wrong={wrong(`/attributes/${attribute.key}`)}
          />
        ))}
      </div>
    </Panel>
  );
}

function Field(props: {
  attribute: CategoryAttribute;
  value: string;
  set: (value: string) => void;
  wrong: string | undefined;
}) {
  const { t } = useTranslation();
  const { word } = useCategories();
  const { attribute, value, set } = props;
  const label = (
    <>
      {word(attribute)}
      {attribute.required ? (
        <span className="dim" title={t('listing.forFull')}>
          {' '}
          ◆<span className="visually-hidden"> {t('listing.forFull')}</span>
        </span>
      ) : null}
    </>
  );
  if (attribute.kind === 'choice')
    return (
      <NativeSelect
        label={label}
        value={value}
        error={props.wrong}
        onChange={(event) => set(event.currentTarget.value)}
        data={[
          { value: '', label: t('listing.notSaid') },
          ...attribute.choices.map((choice) => ({ value: choice.value, label: word(choice) })),
        ]}
      />
    );
  const number = attribute.kind === 'number';
  return (
    <TextInput
      label={label}
      value={value}
      error={props.wrong}
      maxLength={200}
      inputMode={number ? 'decimal' : undefined}
      rightSection={number ? <span className="dim unit">{attribute.unit}</span> : undefined}
      rightSectionWidth={number ? 64 : undefined}
      onChange={(event) => set(event.currentTarget.value)}
    />
  );
}
