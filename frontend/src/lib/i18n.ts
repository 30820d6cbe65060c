/** The texts of the screens: one flat table per language, loaded for the language in use. */
import { useSyncExternalStore } from 'react';

export const LANGUAGES = { en: 'English', zh: '中文' } as const;
export type Language = keyof typeof LANGUAGES;
type Texts = Record<string, string>;
/** What fills the placeholders of a text; `context` chooses its variant, `defaultValue` stands in for a missing one. */
type Words = { [name: string]: unknown; context?: unknown; defaultValue?: string };

export interface Translator {
  t: (key: string, words?: Words) => string;
  language: Language;
  texts: Texts;
  exists: (key: string) => boolean;
}

const STORED = 'entrepot-language';
type Part = () => Promise<{ default: Texts }>;
const loaders: Record<Language, { first: Part; rest: Part }> = {
  en: { first: () => import('virtual:texts/en/first'), rest: () => import('virtual:texts/en/rest') },
  zh: { first: () => import('virtual:texts/zh/first'), rest: () => import('virtual:texts/zh/rest') },
};

/** Says texts in one language. A missing text shows as its key, so that it is found. */
export function translator(language: Language, texts: Texts): Translator {
  const find = (key: string, context: unknown) =>
    (typeof context === 'string' ? texts[`${key}_${context}`] : undefined) ?? texts[key];
  return {
    language,
    texts,
    exists: (key) => key in texts,
    t: (key, words = {}) => {
      const text = find(key, words.context) ?? words.defaultValue ?? key;
      return text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => String(words[name] ?? ''));
    },
  };
}

let current = translator('en', {});
const listeners = new Set<() => void>();
const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/** The translator in use; the component draws itself anew in another language. */
export function useTranslation(): { t: Translator['t']; i18n: Translator } {
  const i18n = useSyncExternalStore(subscribe, () => current);
  return { t: i18n.t, i18n };
}

function speak(language: Language, texts: Texts): void {
  current = translator(language, texts);
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
  for (const listener of listeners) listener();
}

/** The language somebody chose in this browser, if anybody did. */
export function chosenLanguage(): Language | null {
  const stored = localStorage.getItem(STORED);
  return stored === 'en' || stored === 'zh' ? stored : null;
}

export function preferredLanguage(): Language {
  const stored = chosenLanguage();
  if (stored) return stored;
  return navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en';
}

let following: Promise<void> | undefined;

/** Resolves once refusals and explanations can be said too. */
export function allTexts(): Promise<void> {
  const language = current.language;
  following ??= loaders[language].rest().then((rest) => {
    if (current.language === language) speak(language, { ...current.texts, ...rest.default });
  });
  return following;
}

/** A part of a first page that follows it: it comes with the words it may need. */
export const spoken = <T>(part: Promise<T>): Promise<T> =>
  Promise.all([part, allTexts()]).then(([module]) => module);

/** Loads what the first page says; the rest follows once it stands. */
export async function startI18n(): Promise<void> {
  const language = preferredLanguage();
  speak(language, (await loaders[language].first()).default);
  setTimeout(() => void allTexts(), 500);
}

export async function switchLanguage(language: Language): Promise<void> {
  const { first, rest } = loaders[language];
  const parts = await Promise.all([first(), rest()]);
  localStorage.setItem(STORED, language);
  speak(language, Object.assign({}, ...parts.map((part) => part.default)));
}

export function localeOf(language: string): string {
  return language.startsWith('zh') ? 'zh-CN' : 'en-GB';
}
