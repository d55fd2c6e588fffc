import { claimsOf, type Tokens } from './oidc.ts';

export type Role = 'patient' | 'practitioner' | 'secretary' | 'admin';
type Section = 'details' | 'appointments' | 'record' | 'accesses';

/** A patient for whom the person may act, and in what. */
export interface ActsFor {
  patientId: string;
  as: 'guardian' | 'carer';
  sections: Section[];
}

/** Who is signed in, as their token says. What they may do is decided by the services; this chooses what is shown. */
export interface Person {
  id: string;
  /** In which they are signed in: another one after each sign-in. */
  sessionId: string;
  email: string;
  roles: Role[];
  patientId?: string;
  practitionerId?: string;
  actsFor: ActsFor[];
  /** As a secretary, for every practitioner of the practice: so they read what was sent to whom. */
  worksForAll: boolean;
  /** They may do nothing yet but add a second factor. */
  mustEnrol: boolean;
}

const shown: readonly string[] = ['patient', 'practitioner', 'secretary', 'admin'] satisfies Role[];

interface Claims {
  sub: string;
  sid: string;
  roles?: string[];
  patientId?: string;
  practitionerId?: string;
  acts_for?: { patient: string; as: 'guardian' | 'carer'; sections: Section[] }[];
  delegated?: { practitioner: string; as: string; scopes: string[] }[];
}

/** True for their own page, and of another's in what they may act. */
export const actsIn = (person: Person, patientId: string, section: Section): boolean =>
  person.actsFor.find((each) => each.patientId === patientId)?.sections.includes(section) ?? true;

/** What somebody is to a patient, as patient themself; nothing to one for whom they do not act. */
export const relationTo = (person: Person, patientId: string): 'self' | ActsFor['as'] | undefined =>
  patientId === person.patientId ? 'self' : person.actsFor.find((each) => each.patientId === patientId)?.as;

export function personOf({ accessToken, idToken }: Tokens): Person {
  const claims = claimsOf(accessToken) as unknown as Claims;
  const { roles = [], acts_for = [], delegated = [] } = claims;
  return {
    id: claims.sub,
    sessionId: claims.sid,
    email: String(claimsOf(idToken).email ?? ''),
    roles: roles.filter((role): role is Role => shown.includes(role)),
    patientId: claims.patientId,
    practitionerId: claims.practitionerId,
    actsFor: acts_for.map(({ patient, as, sections }) => ({ patientId: patient, as, sections })),
    worksForAll:
      roles.includes('secretary') &&
      delegated.some(
        ({ practitioner, as, scopes }) => practitioner === 'all' && as === 'secretary' && scopes.includes('agenda'),
      ),
    mustEnrol: roles.includes('enrolling'),
  };
}
