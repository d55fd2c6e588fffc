import { fact } from '@cabinet/contracts';
import type { ErasureReceipt } from '@cabinet/service/erasure-receipt';
import type { Happening, Told } from '../domain/ports.js';

/** What the practice hears of a decision: ids and codes, nothing personal. */
export const toFact = ({ id, ...told }: Told, happening: Happening) =>
  fact(`notification.${happening}`, told.patientId ?? id, { notificationId: id, ...told });

/** What is heard of the data of a patient who was erased: how many of what, and what became of them. */
export const toReceipt = (receipt: ErasureReceipt) =>
  fact('notification.patient-data-erased', receipt.patientId, receipt);
