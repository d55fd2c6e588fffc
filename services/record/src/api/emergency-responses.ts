import type { Clock } from '@cabinet/kit/clock';
import type { OfPatient } from '../domain/break-glass.js';
import { isEscalated } from '../domain/emergency-access.js';
import type { EmergencyAccessResponse } from './emergency.dto.js';

/** Emergency accesses as they are now. */
export class EmergencyResponses {
  constructor(private readonly clock: Clock) {}

  readonly of = ({ patientId, access }: OfPatient): EmergencyAccessResponse => {
    const { id, practitionerId, since, until, reasonCode, words, verdict } = access;
    return {
      id,
      patientId,
      practitionerId,
      since: since.toISOString(),
      until: until.toISOString(),
      reasonCode,
      words,
      ...(verdict && { verdict: { ...verdict, at: verdict.at.toISOString() } }),
      escalated: isEscalated(access, this.clock.now()),
    };
  };
}
