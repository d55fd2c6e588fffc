import { InvalidInput } from '@cabinet/kit/errors';
import { type ErrorCode, errorCodes } from './error-codes.js';

/** A refusal of one field under a code of this service. */
export const refusal = (code: ErrorCode, path: string, message: string): InvalidInput =>
  new InvalidInput([{ path, code, message }], code, errorCodes[code].title);

/** What became of a patient for whom nothing is stored any more. */
export type GoneAs = 'erased' | 'deceased';

/** @throws 422 for one who was erased or has died since it was asked who they are */
export function assertNotGone(as: GoneAs | undefined): void {
  if (as === 'erased') throw patientUnknown();
  if (as === 'deceased') throw patientInactive();
}

export const patientInactive = (): InvalidInput =>
  refusal('APPOINTMENT.PATIENT_INACTIVE', 'patientId', 'is a patient who is no longer active');

export const patientUnknown = (): InvalidInput =>
  refusal('APPOINTMENT.PATIENT_UNKNOWN', 'patientId', 'is not a known patient');
