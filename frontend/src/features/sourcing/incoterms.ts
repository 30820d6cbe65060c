import type { IncotermCode } from '../../api/types';

export const INCOTERMS: IncotermCode[] = [
  'EXW',
  'FCA',
  'FAS',
  'FOB',
  'CFR',
  'CIF',
  'CPT',
  'CIP',
  'DAP',
  'DPU',
  'DDP',
];
