import { fact } from '@cabinet/contracts';
import type { ErasureReceipt } from '@cabinet/service/erasure-receipt';
import type { Pairing } from '../domain/device.js';
import { measureOf } from '../domain/measures.js';
import type { ToldHistory, ToldReading } from '../domain/ports.js';
import { writeTime } from '../domain/reading.js';

/** What the practice hears when a device comes to a patient, or is theirs no longer. */
export const toFact = (deviceId: string, { id, patientId, certainty, since, until }: Pairing) =>
  fact(until ? 'device.unpaired' : 'device.paired', deviceId, {
    deviceId,
    pairingId: id,
    patientId,
    certainty,
    since: since.toISOString(),
    until: until?.toISOString(),
  });

/** What is measured, for whom watches over it: all of one patient in order. */
export const toReadingFact = ({ id, patientId, reading, receivedAt, isCorrectionOf }: ToldReading) =>
  fact('reading-taken', patientId, {
    readingId: id,
    patientId,
    deviceId: reading.deviceId,
    code: reading.code,
    value: reading.value,
    unit: measureOf(reading.code)?.unit ?? '',
    effectiveAt: writeTime(reading.effectiveAt),
    receivedAt: receivedAt.toISOString(),
    certainty: reading.certainty,
    flags: reading.flags,
    isCorrectionOf,
  });

export const toHistoryFact = ({ patientId, code, count, from, to }: ToldHistory) =>
  fact('readings.history-taken', patientId, { patientId, code, count, from: from.toISOString(), to: to.toISOString() });

/** What is heard of the data of a patient who was erased: how many of what, and what became of them. */
export const toReceipt = (receipt: ErasureReceipt) => fact('wearable.patient-data-erased', receipt.patientId, receipt);
