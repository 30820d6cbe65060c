import type { ActionView, OrderView, Step } from '../../api/types';

/** Steps that push an order forward, in the order a trader would think of them. */
const FORWARD = [
  'order.accept',
  'order.offer',
  'stage.fund',
  'shipment.dispatch',
  'shipment.accept',
  'proposal.accept',
  'shipment.deliver',
  'shipment.track',
  // Last: what a draft needs before it can be offered.
  'order.revise',
];

/** Steps whose terms are written on a page of their own. */
export const WRITTEN = ['order.revise', 'order.counter'];

/** Steps that end something; they ask twice and are coloured so. */
export const ENDING = [
  'order.discard',
  'order.withdraw',
  'order.decline',
  'order.late_cancel',
  'order.cancel_for_default',
  'cancellation.propose',
];

export function nextAction(actions: ActionView[]): ActionView | null {
  const open = actions.filter((action) => action.allowed && FORWARD.includes(action.step));
  open.sort((a, b) => FORWARD.indexOf(a.step) - FORWARD.indexOf(b.step) || (a.part ?? 0) - (b.part ?? 0));
  return open[0] ?? null;
}

export type Params = Record<string, unknown>;

/** The step as the server takes it. A form fills the parameters field by field; the server judges them as a whole. */
export function stepOf(action: ActionView, params: Params): Step {
  return { name: action.step, params } as Step;
}

/** What a step needs, filled in as far as the order already knows it. */
export function firstParams(action: ActionView, order: OrderView): Params {
  const { step, part } = action;
  if (step === 'order.offer') return { valid_days: 15 };
  if (step === 'order.accept')
    return { offer_no: order.offer?.no, contract_hash: order.offer?.contract_hash };
  if (step === 'stage.fund') return { stage: part, method: 'tt' };
  if (step === 'order.cancel_for_default') return { penalty_minor: '0' };
  if (step === 'shipment.dispatch')
    return {
      shipment: part,
      carrier: '',
      tracking_no: '',
      documents: ['Bill of lading', 'Packing list', 'Commercial invoice'],
      eta_days: 28,
    };
  if (step === 'shipment.track') return { shipment: part, milestone: 'booked' };
  if (step === 'extension.propose') return { shipment: part ?? order.shipments[0]?.no ?? 1, days: 15 };
  if (step === 'cancellation.propose') return { refund_minor: order.money.held.minor };
  if (step.startsWith('shipment.')) return { shipment: part };
  if (step.startsWith('stage.')) return { stage: part };
  return {};
}

export function complete(step: string, params: Params): boolean {
  const has = (name: string) => typeof params[name] === 'string' && params[name] !== '';
  if (step === 'shipment.dispatch') return has('carrier') && has('tracking_no');
  if (step === 'order.offer') return Number(params.valid_days) >= 1 && Number(params.valid_days) <= 90;
  if (step === 'extension.propose') return Number(params.days) >= 1 && Number(params.days) <= 90;
  if (step === 'amendment.propose') return Object.keys(params).length > 0;
  return true;
}
