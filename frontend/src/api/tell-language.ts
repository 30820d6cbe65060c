import { useEffect } from 'react';
import { chosenLanguage, useTranslation } from '../lib/i18n';
import { call } from './client';

const TOLD = 'entrepot-language-told';

/** Tells the server once what language somebody chose here: letters come in it. What nobody chose is not told. */
export function useToldLanguage(user: string): void {
  const { language } = useTranslation().i18n;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another language in use means that one was chosen
  useEffect(() => {
    const chosen = chosenLanguage();
    const news = `${user}/${chosen}`;
    if (user === '' || !chosen || localStorage.getItem(TOLD) === news) return;
    void call('put', '/auth/language', { body: { language: chosen } })
      .then(() => localStorage.setItem(TOLD, news))
      .catch(() => undefined);
  }, [user, language]);
}
