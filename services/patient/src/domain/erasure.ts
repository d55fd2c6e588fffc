import type { ErasureReceipt } from '@cabinet/service/erasure-receipt';
import type { LegalHold } from './legal-hold.js';

/** What a service did with what it had of one of the registrations. */
export interface KeptReceipt extends ErasureReceipt {
  service: string;
  receivedAt: Date;
}

/** What became of a patient who was erased, with the registrations that were merged into them. */
export interface Erasure {
  patientId: string;
  /** All of them. */
  patientIds: string[];
  erasedAt: Date;
  /** User id. */
  erasedBy: string;
  /** Services that were to give a receipt for each. */
  keepers: string[];
  receipts: KeptReceipt[];
}

/** A patient who was erased, or may be, or must not be. */
export type ErasureState =
  | { state: 'none'; patientId: string }
  | { state: 'held'; patientId: string; hold: LegalHold }
  | { state: 'waiting' | 'done'; patientId: string; erasure: Erasure; waitsFor: string[] };

/** Services that have not said yet what they did with one at least of the registrations. */
export const waitsFor = ({ keepers, patientIds, receipts }: Erasure): string[] =>
  keepers.filter((service) =>
    patientIds.some((id) => !receipts.some((each) => each.service === service && each.patientId === id)),
  );
