import type { JournalPreview } from '../api/types';
import { useTranslation } from '../lib/i18n';
import { useLabels } from './labels';
import { MoneyText } from './money';
import { Scroll } from './scroll';

/** Debits and credits of the journals an action posts. */
export function JournalTable({ journals }: { journals: JournalPreview[] }) {
  const { t } = useTranslation();
  const labels = useLabels();
  if (journals.length === 0) return <p className="dim tight">{t('journal.none')}</p>;
  return (
    <Scroll label={t('journal.rule')}>
      <table className="grid compact ledger">
        <thead>
          <tr>
            <th scope="col">{t('journal.rule')}</th>
            <th scope="col">{t('journal.account')}</th>
            <th scope="col" className="right">
              {t('journal.debit')}
            </th>
            <th scope="col" className="right">
              {t('journal.credit')}
            </th>
          </tr>
        </thead>
        <tbody>
          {journals.flatMap((journal, i) =>
            journal.lines.map((line, j) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: journal lines are immutable and ordered
              <tr key={`${i}-${j}`} className={j === 0 && i > 0 ? 'group-start' : undefined}>
                <td className="num rule">
                  {j === 0 ? <code title={labels.posting(journal.rule)}>{journal.rule}</code> : null}
                </td>
                <td>
                  {labels.account(line)} <code className="dim">{line.account}</code>
                </td>
                <td className="right" data-label={t('journal.debit')}>
                  {line.debit ? <MoneyText value={line.debit} /> : null}
                </td>
                <td className="right" data-label={t('journal.credit')}>
                  {line.credit ? <MoneyText value={line.credit} /> : null}
                </td>
              </tr>
            )),
          )}
        </tbody>
      </table>
    </Scroll>
  );
}

/** The money effect in one plain line per account. */
export function MoneyEffect({ journals }: { journals: JournalPreview[] }) {
  const { t } = useTranslation();
  const labels = useLabels();
  const lines = journals
    .flatMap((journal) => journal.lines)
    .filter((line) => !line.account.startsWith('A.BANK'));
  if (lines.length === 0) return <p className="tight">{t('journal.none')}</p>;
  return (
    <ul className="effect">
      {lines.map((line, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: journal lines are immutable and ordered
        <li key={i}>
          <span>{labels.account(line)}</span>
          <MoneyText value={line.credit ?? line.debit} sign={line.credit ? '+' : '−'} strong />
        </li>
      ))}
    </ul>
  );
}
