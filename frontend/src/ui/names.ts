import type { Incoterm, ProductCard } from '../api/types';
import { useTranslation } from '../lib/i18n';
import { parsePrice, priceText } from '../lib/ladder';
import { formatDecimalText } from '../lib/money';
import { useLocale } from './use-locale';

/** Titles, units and prices as the reader's language sets them. */
export function useNames() {
  const { t, i18n } = useTranslation();
  const locale = useLocale();
  const regions = new Intl.DisplayNames([locale], { type: 'region' });
  const price = (micros: bigint, currency: string) => formatDecimalText(priceText(micros, currency), locale);
  return {
    title: (card: { title: string; title_zh: string | null }) =>
      i18n.language === 'zh' && card.title_zh ? card.title_zh : card.title,
    company: (company: { name: string; name_zh: string | null }) =>
      i18n.language === 'zh' && company.name_zh ? company.name_zh : company.name,
    price,
    range: (card: ProductCard) => {
      const ends = [parsePrice(card.price_from), parsePrice(card.price_to)].sort((a, b) =>
        a < b ? -1 : 1,
      ) as [bigint, bigint];
      return ends[0] === ends[1]
        ? price(ends[0], card.currency)
        : `${price(ends[0], card.currency)}–${price(ends[1], card.currency)}`;
    },
    unit: (unit: string) => t(`unit.${unit}`, { defaultValue: unit }),
    quantity: (text: string | number) => formatDecimalText(String(text), locale),
    country: (code: string | undefined) => {
      if (!code) return '';
      try {
        return regions.of(code) ?? code;
      } catch {
        return code;
      }
    },
    incoterm: (term: Incoterm) => `${term.code} ${term.place}`,
  };
}
