import { Button } from '@mantine/core';
import { ApiProblem } from '../../api/client';
import { useKept } from '../../api/kept-state';
import type { OrderTerms } from '../../api/types';
import { useTranslation } from '../../lib/i18n';
import { isMeasured, measurable } from '../../lib/quality';
import { sharesMissing } from '../../lib/split';
import { totalsOf, unshipped } from '../../lib/terms';
import { CountInput } from '../../ui/inputs';
import { MoneyText } from '../../ui/money';
import { Panel } from '../../ui/page';
import { ProblemAlert, Unconfirmed, useProblemText } from '../../ui/problem';
import { DetailsEditor } from './details-editor';
import { LinesEditor } from './lines-editor';
import { QualityEditor } from './quality-editor';
import { ShipmentsEditor } from './shipments-editor';
import { StagesEditor } from './stages-editor';
import './draft.css';

interface Props {
  /** Tells this form apart from every other. */
  name: string;
  terms: OrderTerms;
  onTerms: (terms: OrderTerms) => void;
  parties?: React.ReactNode;
  fault: Error | null;
  pending: boolean;
  unconfirmed: boolean;
  onSave?: () => void;
  onOffer: (validDays: number) => void;
  offerLabel: string;
}

/** The terms of an order, edited as a whole; complaints of the server stand at their field. */
export function TermsForm({
  name,
  terms,
  onTerms,
  parties,
  fault,
  pending,
  unconfirmed,
  onSave,
  onOffer,
  offerLabel,
}: Props) {
  const { t } = useTranslation();
  const { sayField } = useProblemText();
  const [{ days }, put] = useKept(`days/${name}`, () => ({ days: 15 }));
  const complaints = fault instanceof ApiProblem ? fault.fields : [];
  const wrong = (pointer: string) => {
    const found = complaints.find((c) => c.pointer.replace(/^\/(params\/)?terms(?=\/)/, '') === pointer);
    return found ? sayField(found) : undefined;
  };
  const totals = totalsOf(terms);
  const money = (minor: bigint | string) => ({ minor: minor.toString(), currency: terms.currency });
  const ready =
    terms.buyer !== '' &&
    terms.seller !== '' &&
    terms.lines.length > 0 &&
    sharesMissing(terms.stages.map((stage) => stage.share_bps)) === 0 &&
    terms.lines.every((_, i) => unshipped(terms, i) === 0n) &&
    terms.shipments.every((shipment) => shipment.ship_by !== '');
  const measured = measurable(terms.quality_points);
  // A half-written point is no text the server could keep.
  const halfWritten = terms.quality_points.some((point) => typeof point !== 'string' && !isMeasured(point));
  const editor = { terms, onTerms, wrong };
  return (
    <div className="split">
      <div className="stack">
        {parties}
        <LinesEditor {...editor} />
        <StagesEditor {...editor} />
        <ShipmentsEditor {...editor} />
        <QualityEditor {...editor} />
        <DetailsEditor {...editor} />
      </div>
      <div className="draft-side">
        <Panel title={t('draft.totals')}>
          <dl className="facts">
            <dt>{t('draft.goods')}</dt>
            <dd>
              <MoneyText value={money(totals.goods)} />
            </dd>
            <dt>{t('draft.freight_minor')}</dt>
            <dd>
              <MoneyText value={money(terms.freight_minor)} />
            </dd>
            <dt>{t('draft.discount_minor')}</dt>
            <dd>
              <MoneyText value={money(terms.discount_minor)} sign="−" />
            </dd>
            <dt>{t('draft.tax_minor')}</dt>
            <dd>
              <MoneyText value={money(terms.tax_minor)} />
            </dd>
            <dt>
              <strong>{t('money.total')}</strong>
            </dt>
            <dd>
              <MoneyText value={money(totals.total)} strong />
            </dd>
          </dl>
          <CountInput label={t('draft.validDays')} count={days} onCount={(typed) => put({ days: typed })} />
          <Unconfirmed shown={unconfirmed} />
          <ProblemAlert fault={fault} />
          {complaints.length > 0 ? (
            <ul className="tight">
              {complaints.map((c) => (
                <li key={c.pointer + c.code}>
                  <code>{c.pointer}</code> {sayField(c)}
                </li>
              ))}
            </ul>
          ) : null}
          <Button
            loading={pending}
            disabled={!ready || !measured || days < 1 || days > 90}
            onClick={() => onOffer(days)}
          >
            {offerLabel}
          </Button>
          {onSave ? (
            <Button
              variant="default"
              loading={pending}
              disabled={!terms.buyer || !terms.seller || halfWritten}
              onClick={onSave}
            >
              {t('draft.save')}
            </Button>
          ) : null}
          <p className="dim tight small">
            {!ready ? t('draft.notReady') : measured ? t('draft.noMoney') : t('draft.notMeasured')}
          </p>
        </Panel>
      </div>
    </div>
  );
}
