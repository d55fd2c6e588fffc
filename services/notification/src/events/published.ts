import { fact } from '@cabinet/contracts';
import type { ErasureReceipt } from '@cabinet/service/erasure-receipt';
import type { Happening, Told } from '../domain/ports.js';

/** What the practice hears when something happens to a notification: ids, nothing personal. */
export const toFact = ({ id, version, patientId }: Told, happening: Happening) =>
  fact(`notification.${happening}`, id, { notificationId: id, version, patientId });

/** What is heard of the data of a patient who was erased: how many of what, and what became of them. */
export const toReceipt = (receipt: ErasureReceipt) =>
  fact('notification.patient-data-erased', receipt.patientId, receipt);
