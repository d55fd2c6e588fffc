import { fact } from '@cabinet/contracts';
import type { ErasureReceipt } from '@cabinet/service/erasure-receipt';
import { type OneTimeCode, purposeOf } from '../domain/one-time-code.js';
import type { User, UserFact } from '../domain/user.js';

/** What the practice hears about a user: that it happened, never the address. */
export const toFact = ({ id, version }: Pick<User, 'id' | 'version'>, { type, endedPractitionerId }: UserFact) =>
  fact(type, id, { userId: id, version, ...(endedPractitionerId && { endedPractitionerId }) });

/** What is heard of a code that is to be mailed: neither the code nor the address. */
export const toCodeFact = (made: OneTimeCode) =>
  fact('code.made', made.id, { codeId: made.id, purpose: purposeOf(made) });

/** What is heard of the logins of a patient who was erased: how many of what, and what became of them. */
export const toReceipt = (receipt: ErasureReceipt) => fact('auth.patient-data-erased', receipt.patientId, receipt);
