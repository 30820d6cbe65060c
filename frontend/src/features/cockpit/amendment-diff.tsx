import type { OrderTerms } from '../../api/types';
import { useTranslation } from '../../lib/i18n';
import { parsePrice } from '../../lib/ladder';
import { totalsOf } from '../../lib/terms';
import { Moment } from '../../ui/moment';
import { MoneyText } from '../../ui/money';
import { useNames } from '../../ui/names';
import { type Amendment, amended, type Change, changesOf } from './amendment';

/** Each change with the old beside the new, and what it does to the order's total. */
export function AmendmentDiff({ terms, amendment }: { terms: OrderTerms; amendment: Amendment }) {
  const { t } = useTranslation();
  const changes = changesOf(terms, amendment);
  const [now, next] = [totalsOf(terms).total, totalsOf(amended(terms, amendment)).total];
  if (changes.length === 0) return <p className="dim tight">{t('amend.nothing')}</p>;
  const money = (minor: bigint) => ({ minor: minor.toString(), currency: terms.currency });
  return (
    <dl className="diff" data-testid="amendment-diff">
      {changes.map((change, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two lines may have one title; the list is made anew each time
        <div key={i}>
          <dt>{t(`amend.${change.what}`, { no: change.no, goods: change.goods })}</dt>
          <dd>
            {change.from === '' ? (
              <span className="dim">{t('common.none')}</span>
            ) : (
              <del>
                <Side change={change} text={change.from} currency={terms.currency} />
              </del>
            )}
            <span aria-hidden="true"> → </span>
            <ins>
              <Side change={change} text={change.to} currency={terms.currency} />
            </ins>
          </dd>
        </div>
      ))}
      {now === next ? null : (
        <div>
          <dt>{t('money.total')}</dt>
          <dd>
            <del>
              <MoneyText value={money(now)} />
            </del>
            <span aria-hidden="true"> → </span>
            <ins>
              <MoneyText value={money(next)} strong />
            </ins>
          </dd>
        </div>
      )}
    </dl>
  );
}

function Side({ change, text, currency }: { change: Change; text: string; currency: string }) {
  const { t } = useTranslation();
  const names = useNames();
  if (text === '') return <>{t('common.none')}</>;
  if (change.kind === 'date') return <Moment at={text} date />;
  if (change.kind === 'quantity')
    return (
      <span className="num">
        {names.quantity(text)} {names.unit(change.unit ?? '')}
      </span>
    );
  if (change.kind === 'price')
    return (
      <span className="num">
        {currency} {names.price(parsePrice(text), currency)}
      </span>
    );
  return <>{text}</>;
}
