import { useQuery } from '@tanstack/react-query';
import { categoriesQuery } from '../api/queries';
import type { CategoryAttribute, CategoryView } from '../api/types';
import { useTranslation } from '../lib/i18n';
import { useLocale } from './use-locale';

/** The tree of categories with its names and templates, in the reader's language. */
export function useCategories() {
  const { t, i18n } = useTranslation();
  const locale = useLocale();
  const { data } = useQuery(categoriesQuery);
  const items = data?.items ?? [];
  const word = (named: { name_en: string; name_zh: string }) =>
    i18n.language === 'zh' ? named.name_zh : named.name_en;
  const find = (slug: string) => items.find((item) => item.slug === slug);
  const template = (slug: string): CategoryAttribute[] => find(slug)?.attributes ?? [];
  const attribute = (slug: string, key: string) => template(slug).find((one) => one.key === key);
  /** Until the tree is here, and for what stands in no tree, our own word or the slug. */
  const name = (slug: string): string => {
    const found = find(slug);
    return found ? word(found) : t(`category.${slug}`, { defaultValue: slug });
  };
  const above = (slug: string): CategoryView[] => {
    const parent = find(slug)?.parent;
    const found = parent ? find(parent) : undefined;
    return found ? [...above(found.slug), found] : [];
  };
  return {
    name,
    word,
    template,
    /** The groups above a category, from the top. */
    path: (slug: string): string => above(slug).map(word).join(' › '),
    /** The leaves by the group they stand in, as a choice shows them. */
    groups: () => {
      const leaves = items.filter((item) => item.leaf);
      const parents = [...new Set(leaves.map((leaf) => leaf.parent ?? ''))];
      return parents.map((parent) => ({
        group: parent
          ? [...above(parent), find(parent)].flatMap((one) => (one ? [word(one)] : [])).join(' › ')
          : '',
        items: leaves
          .filter((leaf) => (leaf.parent ?? '') === parent)
          .map((leaf) => ({ value: leaf.slug, label: word(leaf) })),
      }));
    },
    attributeName: (slug: string, key: string): string => {
      const found = attribute(slug, key);
      return found ? word(found) : key;
    },
    attributeValue: (slug: string, key: string, value: string): string => {
      const found = attribute(slug, key);
      if (found?.kind === 'number') return `${value} ${found.unit}`;
      const choice = found?.choices.find((one) => one.value === value);
      return choice ? word(choice) : value;
    },
    /** The template's properties first, in its order, then the others by name. */
    ordered: (slug: string, given: Record<string, string>): [string, string][] => {
      const keys = template(slug).map((one) => one.key);
      const rank = (key: string) => (keys.includes(key) ? keys.indexOf(key) : keys.length);
      return Object.entries(given).sort(([a], [b]) => rank(a) - rank(b) || a.localeCompare(b, locale));
    },
  };
}
