import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';

export const LANGUAGES = { en: 'English', zh: '中文' } as const;
export type Language = keyof typeof LANGUAGES;
const STORED = 'entrepot-language';

const loaders: Record<Language, () => Promise<{ default: Record<string, string> }>> = {
  en: () => import('../locales/en.json'),
  zh: () => import('../locales/zh.json'),
};

export function preferredLanguage(): Language {
  const stored = localStorage.getItem(STORED);
  if (stored === 'en' || stored === 'zh') return stored;
  return navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en';
}

async function load(language: Language): Promise<void> {
  const texts = await loaders[language]();
  i18next.addResourceBundle(language, 'translation', texts.default, true, true);
}

function mark(language: Language): void {
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
}

export async function startI18n(): Promise<void> {
  const language = preferredLanguage();
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    keySeparator: false,
    nsSeparator: false,
    resources: {},
    interpolation: { escapeValue: false },
  });
  await load(language);
  mark(language);
}

export async function switchLanguage(language: Language): Promise<void> {
  await load(language);
  localStorage.setItem(STORED, language);
  mark(language);
  await i18next.changeLanguage(language);
}

export function localeOf(language: string): string {
  return language.startsWith('zh') ? 'zh-CN' : 'en-GB';
}
