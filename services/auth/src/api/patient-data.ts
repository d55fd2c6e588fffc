import { type GivePatientData, PatientDataGone } from '@cabinet/service/http/patient-data';
import type { PatientLogins } from '../domain/ports.js';
import { toPasskeyResponse } from './passkey.dto.js';
import { toSessionResponse } from './session.dto.js';
import { toUserResponse } from './user.dto.js';

/** How the patient signs in, and where from; no secret that they sign in with. */
export const givePatientData =
  (logins: PatientLogins): GivePatientData =>
  async (asked) => {
    const found = await logins.of(asked);
    if (!found) throw new PatientDataGone();
    const { patientId, users, sessions, passkeys } = found;
    return {
      patientId,
      sections: {
        accounts: users.map(toUserResponse),
        sessions: sessions.map((session) => {
          const { current: _, ...shown } = toSessionResponse({ ...session, isCurrent: false });
          return shown;
        }),
        passkeys: passkeys.map(toPasskeyResponse),
      },
    };
  };
