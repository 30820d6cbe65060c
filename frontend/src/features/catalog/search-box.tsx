import { Autocomplete } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { suggestionsQuery } from '../../api/queries';
import { useTranslation } from '../../lib/i18n';
import { useNames } from '../../ui/names';
import { Picture } from '../../ui/picture';

interface Props {
  value: string;
  type: (text: string) => void;
  choose: (text: string) => void;
}

/** What is looked for, with completions: whole queries first, then products it finds already. */
export default function SearchBox({ value, type, choose }: Props) {
  const { t } = useTranslation();
  const names = useNames();
  const navigate = useNavigate();
  const [typed] = useDebouncedValue(value, 80);
  const offered = useQuery(suggestionsQuery(typed));
  const queries = (offered.data?.queries ?? []).filter((query) => query !== value.trim().toLowerCase());
  const products = new Map((offered.data?.products ?? []).map((card) => [`/${card.id}`, card]));
  return (
    <Autocomplete
      label={t('products.search')}
      placeholder={t('products.searchHint')}
      type="search"
      maxLength={200}
      value={value}
      data={[
        { group: t('products.suggestQueries'), items: queries },
        { group: t('products.suggestProducts'), items: [...products.keys()] },
      ].filter((group) => group.items.length > 0)}
      filter={({ options }) => options}
      onChange={(text) => {
        if (!text.startsWith('/')) type(text);
      }}
      onOptionSubmit={(text) => {
        const card = products.get(text);
        if (card) void navigate({ to: '/products/$id', params: { id: card.id } });
        else choose(text);
      }}
      renderOption={({ option }) => {
        const card = products.get(option.value);
        if (!card) return option.value;
        return (
          <span className="offered">
            <Picture src={card.picture} title="" />
            <span>{names.title(card)}</span>
          </span>
        );
      }}
    />
  );
}
