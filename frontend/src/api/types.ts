/** Shapes of the HTTP contract, written by hand until the generated client replaces them. */

export interface Money {
  minor: string;
  currency: string;
}
export interface Page<T> {
  items: T[];
  next_cursor: string | null;
}
export type Role =
  | 'owner'
  | 'trader'
  | 'finance'
  | 'viewer'
  | 'admin'
  | 'support'
  | 'teacher'
  | 'carrier'
  | 'system';
export type Side = 'buyer' | 'seller';

export interface SeatCompany {
  id: string;
  name: string;
  country: string;
  buys: boolean;
  sells: boolean;
}
export interface Seat {
  id: string;
  market: { id: string; name: string };
  company: SeatCompany | null;
  role: Role;
}
export interface Me {
  user: { id: string; name: string; email: string };
  seat: Seat;
  seats: Seat[];
  demo: boolean;
  security: Security;
}
/** How the account is guarded. */
export interface Security {
  email_verified: boolean;
  password: boolean;
  second_factor: boolean;
  second_factor_needed: boolean;
  recovery_codes_left: number;
}
export interface Capability {
  name: string;
  on: boolean;
  era: string;
}
export interface Market {
  id: string;
  name: string;
  era: string;
  /** The rate comes as a number, or in millionths as `rate_ppm`. */
  clock: { now: string; rate?: number; rate_ppm?: number; paused: boolean };
  next_deadline: string | null;
  time_zone: string;
  capabilities: Capability[];
  params: Record<string, unknown>;
}
export interface CompanyRef {
  id: string;
  name: string;
  country?: string;
}
export interface Rung {
  from_quantity: string;
  unit_price: string | { price: string; currency: string };
}
export interface ProductCard {
  id: string;
  sku: string;
  title: string;
  title_zh: string | null;
  category: string;
  picture: string | null;
  price_from: string | { price: string; currency: string };
  price_to: string | { price: string; currency: string };
  currency: string;
  moq: string;
  unit: string;
  lead_days: number;
  incoterm: { code: string; place: string } | string;
  origin: string;
  supplier: CompanyRef;
  ladder?: Rung[];
}
export interface Product extends ProductCard {
  description: string;
  hs_code: string;
  ladder: Rung[];
  moq_step: string;
  pictures: string[];
  attributes: Record<string, string> | { name: string; value: string }[];
  version: number;
}
export interface Company {
  id: string;
  name: string;
  name_zh: string | null;
  country: string;
  registration_number: string;
  buys: boolean;
  sells: boolean;
  about: string;
  city: string;
  founded: number | string | null;
  verified_level: number;
  joined_at: string;
  products_count: number;
}

export interface TermsLine {
  product: string | null;
  sku: string;
  title: string;
  hs_code: string;
  unit: string;
  quantity: string;
  unit_price: string;
}
export type StageKind = 'deposit' | 'balance' | 'retention';
export type Trigger = 'agreed' | 'before_dispatch' | 'bl_copy' | 'delivered';
export interface TermsStage {
  kind: StageKind;
  trigger: Trigger;
  share_bps: number;
  shipment: number | null;
}
export interface Address {
  name: string;
  street: string;
  city: string;
  region: string;
  postcode: string;
  country: string;
}
export interface Contact {
  name: string;
  email: string;
  phone: string;
}
export interface OrderTerms {
  buyer: string;
  seller: string;
  currency: string;
  lines: TermsLine[];
  freight_minor: string;
  discount_minor: string;
  tax_minor: string;
  incoterm: { code: string; place: string };
  delivery_address: Address;
  consignee: string;
  buyer_contact: Contact;
  seller_contact: Contact;
  po_number: string | null;
  stages: TermsStage[];
  shipments: { ship_by: string; quantities: string[] }[];
  acceptance_days: number;
  claim_window_days: number;
  deposit_days: number;
  quality_points: string[];
  notes: string;
}

export interface Deadline {
  due: string;
  step: string;
  owner: Side | 'system' | 'carrier';
  part?: number | null;
}
export interface OrderCard {
  id: string;
  number: string;
  status: string;
  phase: string;
  buyer: CompanyRef;
  seller: CompanyRef;
  total: Money;
  paid: Money;
  held: Money;
  released: Money;
  refunded: Money;
  next_deadline: Deadline | null;
  updated_at: string;
  title: string;
}
export interface StageView {
  no: number;
  kind: StageKind;
  trigger: Trigger;
  shipment: number | null;
  amount: Money;
  state: string;
  due_at: string | null;
  funded_at: string | null;
  method: string | null;
  fee: Money | null;
  released: Money;
  refunded: Money;
  held: Money;
}
export interface ShipmentView {
  no: number;
  ship_by: string;
  state: string;
  value: Money;
  quantities: string[] | null;
  dispatched_at: string | null;
  delivered_at: string | null;
  accepted_at: string | null;
  carrier: string | null;
  tracking_no: string | null;
  documents: string[];
  eta: string | null;
  milestones: { milestone: string; at: string }[];
  accept_by: string | null;
}
export interface OrderView {
  id: string;
  number: string;
  version: number;
  status: string;
  phase: string;
  my_side: Side | null;
  buyer: CompanyRef;
  seller: CompanyRef;
  terms: OrderTerms;
  offer: { no: number; by: Side; valid_until: string; contract_hash: string } | null;
  total: Money;
  goods_total: Money;
  stages: StageView[];
  shipments: ShipmentView[];
  money: { paid: Money; held: Money; released: Money; refunded: Money; fees: Money };
  proposal: { kind: string; by: Side; detail: unknown; answer_by: string } | null;
  deadlines: Deadline[];
}
export interface JournalLine {
  account: string;
  label: string;
  debit: Money | null;
  credit: Money | null;
}
export interface JournalPreview {
  rule: string;
  lines: JournalLine[];
}
export interface ActionView {
  step: string;
  part: number | null;
  allowed: boolean;
  refusal: { code: string; params?: Record<string, string>; detail: string } | null;
  rule: { text: string; who: string | string[]; spec: string };
  journal: JournalPreview[];
  deadline: string | null;
}
export interface Actions {
  version: number;
  actions: ActionView[];
}
export interface Receipt {
  id: string;
  version: number;
  status: string;
  phase: string;
  event_id: string;
  already: boolean;
}
export interface OrderEvent {
  seq: number;
  id: string;
  step: string;
  actor: { name: string | null; company: string | null; role: string };
  effective_at: string;
  recorded_at: string;
  params?: Record<string, unknown>;
  /** The few parameters of the step that tell it from others of its kind. */
  summary?: { stage?: number; shipment?: number; milestone?: string } | null;
  subject_id?: string;
  hash: string | null;
}
export interface Journal {
  rule: string;
  at: string;
  event_id: string;
  lines: JournalLine[];
}
export interface FileRef {
  id: string;
  name: string;
  size?: number;
  sha256?: string;
  content_type?: string;
}
export interface Message {
  id: string;
  at: string;
  text: string;
  author?: { name: string | null; company: string | null };
  user?: string;
  company?: string;
  files?: FileRef[];
}

export interface WalletAccount {
  currency: string;
  buyer: Money;
  seller: Money;
  reserve: Money;
  held_in_escrow: Money;
}
export interface StatementLine {
  seq: number;
  at: string;
  rule: string;
  order_id: string | null;
  order_number: string | null;
  debit: Money | null;
  credit: Money | null;
  balance: Money;
  text: string;
}
/** Sums of the books: minor units beside a currency column, or money. */
export type Amount = string | Money;
export interface TrialBalance {
  currencies: {
    currency: string;
    rows: { account: string; label: string; debit: Amount | null; credit: Amount | null }[];
    total_debit: Amount;
    total_credit: Amount;
  }[];
}
export interface ClientMoney {
  currencies: {
    currency: string;
    bank: Amount;
    liabilities: { account: string; label?: string; amount: Amount }[];
    total: Amount;
    difference: Amount;
  }[];
}
export interface Proof {
  ok: boolean;
  checked: Record<string, number>;
  findings: { check: string; detail: string }[];
  took_ms: number;
}
export interface ImportJob {
  id: string;
  state: 'running' | 'done' | 'failed';
  dry_run: boolean;
  rows: number;
  done: number;
  created: number;
  updated: number;
  unchanged: number;
  errors: { line: number; column: string | null; code: string; detail: string }[];
}
export interface LiveEvent {
  seq: number;
  step: string;
  subject_kind: string;
  subject_id: string;
}
export interface FieldProblem {
  pointer: string;
  code: string;
  detail: string;
}
export interface Problem {
  type?: string;
  title: string;
  status: number;
  code: string;
  detail: string;
  params?: Record<string, string>;
  pointer?: string;
  errors?: FieldProblem[];
  next?: string;
}
