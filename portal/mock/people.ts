import { createHash } from 'node:crypto';
import type { appointmentApi, authApi, patientApi, practitionerApi } from '@cabinet/contracts';
import { seededPatients, seededPractitioners } from '../../dev/src/seed/practice.ts';

export type Patient = patientApi.components['schemas']['PatientResponse'];
export type Practitioner = practitionerApi.components['schemas']['PractitionerResponse'];
export type RelatedPerson = patientApi.components['schemas']['RelatedPersonResponse'];
export type Appointment = appointmentApi.components['schemas']['AppointmentResponse'];

/** Somebody who can sign in. */
export interface Person {
  id: string;
  email: string;
  roles: authApi.components['schemas']['PersonRole'][];
  patientId?: string;
  practitionerId?: string;
  /** As a secretary, for every practitioner. */
  worksForAll?: boolean;
  /** For whom they act. */
  actsFor?: readonly ActsFor[];
}

interface ActsFor {
  patientId: string;
  as: RelatedPerson['relationship'];
  sections: RelatedPerson['sections'];
}

/** The same id for the same words, whenever it is made: addresses stay good over restarts. */
export function idOf(words: string): string {
  const hex = createHash('sha256').update(words).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** When all of it was taken in. */
export const since = '2026-01-05T08:00:00+01:00';

export const practitioners: Practitioner[] = seededPractitioners(8).map(({ rpps, columns }) => ({
  id: idOf(rpps),
  version: 1,
  active: true,
  familyName: columns.familyName as string,
  givenNames: [columns.givenNames as string],
  rpps,
  specialities: [{ display: columns.specialities as string }],
  telecom: [{ system: 'phone', value: columns.phone as string, use: 'work' }],
  places: [
    {
      id: idOf(`place of ${rpps}`),
      name: columns.placeName as string,
      zone: columns.placeZone as string,
      address: {
        line: [columns.placeAddressLine as string],
        postalCode: columns.placePostalCode as string,
        city: columns.placeCity as string,
      },
    },
  ],
  appointmentTypes: (columns.appointmentTypes as string).split('|').map((type) => {
    const [name = '', minutes] = type.split(':');
    return { id: idOf(`${type} of ${rpps}`), name, minutes: Number(minutes) };
  }),
  createdAt: since,
  updatedAt: since,
  warnings: [],
}));

export const patients: Patient[] = seededPatients(60).map(({ ins, columns }, nth) => ({
  id: idOf(ins),
  version: 1,
  active: true,
  familyName: columns.familyName as string,
  givenNames: (columns.givenNames as string).split('|'),
  birthName: columns.birthName || undefined,
  birthDate: columns.birthDate as string,
  gender: columns.gender as Patient['gender'],
  identifiers: [],
  telecom: [{ system: 'phone', value: columns.phone as string, use: 'mobile' }],
  // Some have told no address.
  address:
    nth % 5 === 4
      ? undefined
      : {
          line: [columns.addressLine as string],
          postalCode: columns.postalCode as string,
          city: columns.city as string,
          country: columns.country,
        },
  contacts: [],
  createdAt: since,
  updatedAt: since,
  warnings: [],
}));

/** Who was taken in twice, the second time by telephone. */
const [first] = patients as [Patient];
patients.push({
  ...first,
  ...{ id: idOf('taken in twice'), givenNames: [first.givenNames[0] as string], address: undefined, identifiers: [] },
  ...{ telecom: [{ system: 'email', value: 'alice@example.org' }], createdAt: '2026-06-11T09:00:00+02:00' },
});

const bornYearsAgo = (years: number): string => `${new Date().getFullYear() - years}-01-01`;
const minor = (nth: number, age: number): Patient =>
  Object.assign(patients[nth] as Patient, { birthDate: bornYearsAgo(age) });
/** One whose record is their own by now, and one whose guardians read it. */
export const [teenager, child] = [minor(11, 16), minor(12, 9)];

const login = (name: string, roles: Person['roles'], more: Partial<Person> = {}): Person => ({
  id: idOf(`user ${name}`),
  email: `${name}@cabinet.test`,
  roles,
  ...more,
});

/**
 * The four of the demonstration, one with two hats, a minor, one who acts for two minors and a neighbour, and a secretary who does not work
 * for every practitioner.
 */
export const people: Person[] = [
  login('alice', ['patient'], { patientId: patients[0]?.id }),
  login('secretary', ['secretary'], { worksForAll: true }),
  login('dr.bernard', ['practitioner'], { practitionerId: practitioners[0]?.id }),
  login('admin', ['admin']),
  login('two-hats', ['patient', 'secretary'], { patientId: patients[1]?.id, worksForAll: true }),
  login('teenager', ['patient'], { patientId: teenager.id }),
  login('parent', ['patient'], {
    patientId: patients[13]?.id,
    actsFor: [
      { patientId: teenager.id, as: 'guardian', sections: ['details', 'appointments'] },
      { patientId: child.id, as: 'guardian', sections: ['details', 'appointments', 'record', 'accesses'] },
      { patientId: patients[14]?.id as string, as: 'carer', sections: ['appointments'] },
    ],
  }),
  login('secretary.of.one', ['secretary']),
];
