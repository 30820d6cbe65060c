import { NativeSelect, Radio, Textarea, TextInput } from '@mantine/core';
import type { OrderView } from '../../api/types';
import { useTranslation } from '../../lib/i18n';
import { AmountInput, CountInput } from '../../ui/inputs';
import { AmendmentForm } from './amendment-form';
import type { Params } from './steps';

const MILESTONES = ['booked', 'gated_in', 'on_board', 'arrived', 'customs_cleared'];

interface Props {
  step: string;
  params: Params;
  order: OrderView;
  onParams: (params: Params) => void;
  wrong: (name: string) => string | undefined;
}

/** The few fields a step asks for beyond the order itself. */
export function StepForm({ step, params, order, onParams, wrong }: Props) {
  const { t } = useTranslation();
  const put = (part: Params) => onParams({ ...params, ...part });
  const text = (name: string) => String(params[name] ?? '');
  const currency = order.total.currency;
  switch (step) {
    case 'order.offer':
      return (
        <CountInput
          label={t('draft.validDays')}
          count={Number(params.valid_days)}
          error={wrong('valid_days')}
          onCount={(valid_days) => put({ valid_days })}
        />
      );
    case 'order.withdraw':
    case 'order.decline':
      return (
        <TextInput
          label={t('step.reason')}
          value={text('reason')}
          onChange={(e) => put({ reason: e.currentTarget.value })}
        />
      );
    case 'stage.fund':
      return (
        <Radio.Group
          label={t('step.method')}
          description={t('step.methodHint')}
          value={text('method')}
          onChange={(method) => put({ method })}
        >
          <div className="row radio-row">
            <Radio value="tt" label={t('method.tt')} />
            <Radio value="card" label={t('method.card')} />
          </div>
        </Radio.Group>
      );
    case 'order.cancel_for_default':
      return (
        <AmountInput
          label={t('step.penalty')}
          description={t('step.penaltyHint')}
          minor={text('penalty_minor')}
          currency={currency}
          error={wrong('penalty_minor')}
          onMinor={(penalty_minor) => put({ penalty_minor })}
        />
      );
    case 'cancellation.propose':
      return (
        <AmountInput
          label={t('step.refund')}
          description={t('step.refundHint')}
          minor={text('refund_minor')}
          currency={currency}
          error={wrong('refund_minor')}
          onMinor={(refund_minor) => put({ refund_minor })}
        />
      );
    case 'shipment.dispatch':
      return (
        <>
          <div className="cols">
            <TextInput
              required
              label={t('step.carrier')}
              value={text('carrier')}
              error={wrong('carrier')}
              onChange={(e) => put({ carrier: e.currentTarget.value })}
            />
            <TextInput
              required
              label={t('step.tracking')}
              value={text('tracking_no')}
              error={wrong('tracking_no')}
              onChange={(e) => put({ tracking_no: e.currentTarget.value })}
            />
            <CountInput
              label={t('step.etaDays')}
              count={Number(params.eta_days)}
              error={wrong('eta_days')}
              onCount={(eta_days) => put({ eta_days })}
            />
          </div>
          <Textarea
            label={t('step.documents')}
            description={t('step.documentsHint')}
            autosize
            minRows={3}
            value={(params.documents as string[]).join('\n')}
            error={wrong('documents')}
            onChange={(e) =>
              put({ documents: e.currentTarget.value.split('\n').filter((line) => line !== '') })
            }
          />
        </>
      );
    case 'shipment.track':
      return (
        <NativeSelect
          label={t('step.milestone')}
          value={text('milestone')}
          onChange={(e) => put({ milestone: e.currentTarget.value })}
          data={MILESTONES.map((value) => ({ value, label: t(`milestone.${value}`) }))}
        />
      );
    case 'extension.propose':
      return (
        <div className="cols">
          <NativeSelect
            label={t('step.shipment')}
            value={text('shipment')}
            onChange={(e) => put({ shipment: Number(e.currentTarget.value) })}
            data={order.shipments.map((s) => ({
              value: String(s.no),
              label: t('draft.shipmentNo', { no: s.no }),
            }))}
          />
          <CountInput
            label={t('step.days')}
            count={Number(params.days)}
            error={wrong('days')}
            onCount={(days) => put({ days })}
          />
        </div>
      );
    case 'amendment.propose':
      return (
        <AmendmentForm order={order} onAmendment={(amendment) => onParams({ ...amendment })} wrong={wrong} />
      );
    default:
      return null;
  }
}
