import { InvalidInput } from '@cabinet/kit/errors';
import { type ErrorCode, errorCodes } from './error-codes.js';

/** A refusal of one field under a code of this service. */
export const refusal = (code: ErrorCode, path: string, message: string): InvalidInput =>
  new InvalidInput([{ path, code, message }], code, errorCodes[code].title);

export const patientUnknown = (): InvalidInput =>
  refusal('APPOINTMENT.PATIENT_UNKNOWN', 'patientId', 'is not a known patient');
