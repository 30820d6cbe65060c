import { API } from '../api/client';
import { useTranslation } from '../lib/i18n';

/** A paper as PDF: in the reader's language by one click, and in both beside it. */
export function PaperLinks({ path, title }: { path: string; title: string }) {
  const { t, i18n } = useTranslation();
  const own = i18n.language === 'zh' ? 'zh' : 'en';
  const to = (language: string) => `${API}${path}?lang=${language}`;
  return (
    <span className="row">
      <a className="strong" href={to(own)} download>
        {title}
      </a>
      <a className="small" href={to('both')} download aria-label={`${title}, ${t('papers.lang.both')}`}>
        {t('papers.lang.both')}
      </a>
    </span>
  );
}
