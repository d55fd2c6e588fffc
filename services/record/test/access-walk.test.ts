import { randomUUID } from 'node:crypto';
import type { Relation } from '@cabinet/access/vocabulary';
import type { Role } from '@cabinet/kit/access/principal';
import { type Fixture, type Made, type Standing, walkAccess } from '../../../tests/support/access-walk.ts';
import { asthma, buildPatient, erased, hear, merged, type Practice, penicillin, startPractice } from './support.ts';

let practice: Practice;

const bodies: Record<string, object> = {
  allergies: penicillin(),
  conditions: asthma(),
  encounters: { status: 'in-progress', class: 'AMB', period: { start: '2026-11-20T09:00:00Z' } },
  notes: { text: 'Slept well' },
};

/** A patient with one entry of a kind in the record, or none. */
const written = (kind?: string) => async (): Promise<Made> => {
  const { patientId, practitionerId, path, doctor } = await buildPatient(practice);
  const entry = kind ? await doctor('POST', `${path}/${kind}`, bodies[kind]) : undefined;
  if (entry && entry.status !== 201) throw new Error(JSON.stringify(entry.body));
  return { patientId, practitionerId, params: { patientId, entryId: entry?.body.id }, version: 1 };
};

const standing = (name: string, role: Role, relation: Relation, claims: Standing['claims']): Standing => ({
  name,
  claims,
  relations: (roles) => (roles.includes(role) ? [relation] : []),
});
const standings: Standing[] = [
  standing('their own', 'patient', 'self', ({ patientId }) => ({ patientId: patientId as string })),
  standing('of one whom they treat', 'practitioner', 'care', ({ practitionerId }) => ({
    practitionerId: practitionerId as string,
  })),
  {
    name: 'another’s',
    claims: () => ({ patientId: randomUUID(), practitionerId: randomUUID() }),
    relations: () => [],
  },
];

const records = (kind?: string): Fixture => ({
  make: {
    there: written(kind),
    merged: async () => {
      const [made, { patientId }] = [await written(kind)(), await buildPatient(practice)];
      await hear(practice, 'patient', merged(made.patientId as string, patientId));
      return made;
    },
    erased: async () => {
      const made = await written(kind)();
      await hear(practice, 'patient', erased(made.patientId as string));
      return made;
    },
    unknown: async () => {
      const [patientId, practitionerId] = [randomUUID(), randomUUID()];
      practice.neighbours.relations.add(`${patientId} ${practitionerId}`);
      return { patientId, practitionerId, params: { patientId } };
    },
  },
  standings,
});

const amended = { amendmentReason: 'Written on the wrong line' };

walkAccess({
  service: 'record',
  start: async () => (practice = await startPractice()),
  fixtures: {
    record: records(),
    allergy: records('allergies'),
    condition: records('conditions'),
    encounter: records('encounters'),
    note: records('notes'),
  },
  requests: {
    ...Object.fromEntries(
      Object.entries(bodies).flatMap(([kind, body]) => [
        [`${kind}.add`, () => ({ body })],
        [`${kind}.amend`, () => ({ body: { ...body, ...amended } })],
      ]),
    ),
    // Who has an allergy is not without any.
    'allergies.stateNoneKnown': () => ({ served: [409] }),
    'allergies.withdrawNoneKnown': () => ({ body: amended, served: [409] }),
  },
});
