import { randomUUID } from 'node:crypto';
import type { Relation } from '@cabinet/access/vocabulary';
import type { Role } from '@cabinet/kit/access/principal';
import { type Fixture, type Made, type Standing, walkAccess } from '../../../tests/support/access-walk.ts';
import { emergencyLastsMs } from '../src/domain/emergency-access.js';
import {
  addPractitioner,
  asthma,
  buildPatient,
  erased,
  hasReading,
  hear,
  merged,
  type Practice,
  penicillin,
  startPractice,
  unconscious,
} from './support.ts';

let practice: Practice;

const [readingId, effectiveAt] = [randomUUID(), '2026-11-19T07:12:00.000Z'];

const bodies: Record<string, object> = {
  allergies: penicillin(),
  conditions: asthma(),
  encounters: { status: 'in-progress', class: 'AMB', period: { start: '2026-11-20T09:00:00Z' } },
  notes: { text: 'Slept well' },
  observations: { readingId, code: '8480-6', effectiveAt },
};

/** A practitioner whom the patient lets in, and one who says that it is an emergency: as stored, since the walk makes many. */
async function letIn(patientId: string) {
  const [granted, breaking, grantId, accessId] = Array.from({ length: 4 }, () => randomUUID());
  const now = practice.clock.now();
  const [since, until] = [now, new Date(now.getTime() + emergencyLastsMs)];
  const grant = {
    id: grantId,
    practitionerId: granted,
    givenAt: now,
    givenBy: { id: patientId, role: 'patient' },
    until,
  };
  const access = { id: accessId, practitionerId: breaking, openedBy: randomUUID(), since, until, ...unconscious() };
  const change = { grants: [grant], emergencies: [access], reviewDue: now };
  await practice.documents.updateOne({ _id: patientId }, { $set: change as never });
  return { granted, breaking, params: { grantId, accessId } as Record<string, string> };
}

const grantTo = (practitionerId: string) => ({
  practitionerId,
  until: new Date(practice.clock.now().getTime() + 30 * 86_400_000).toISOString(),
});

const term = { since: '2026-11-01T00:00:00.000Z', until: '2026-12-31T00:00:00.000Z' };
/** Has a visit to the practitioner in that time. */
const comesInTerm = (patientId: string, practitionerId: string) =>
  practice.neighbours.relations.add([patientId, practitionerId, term.since, term.until].join(' '));

/** A patient with one entry of a kind in the record, or none. */
const written = (kind?: string) => async (): Promise<Made> => {
  const { patientId, practitionerId, path, doctor } = await buildPatient(practice);
  comesInTerm(patientId, practitionerId);
  const others = await letIn(patientId);
  // Whoever the patient is after a merge.
  hasReading(practice, { patientId: '*', readingId, at: effectiveAt });
  const entry = kind ? await doctor('POST', `${path}/${kind}`, bodies[kind]) : undefined;
  if (entry && entry.status !== 201) throw new Error(JSON.stringify(entry.body));
  const params = { patientId, entryId: entry?.body.id, ...others.params };
  return { patientId, practitionerId, ...others, params, version: 1 };
};

const standing = (name: string, role: Role, relation: Relation, claims: Standing['claims']): Standing => ({
  name,
  claims,
  relations: (roles) => (roles.includes(role) ? [relation] : []),
});
const family = (name: string, as: 'guardian' | 'carer'): Standing =>
  standing(name, 'patient', as, ({ patientId }) => ({
    patientId: randomUUID(),
    practitionerId: randomUUID(),
    acts_for: [{ patient: patientId as string, as, sections: ['record'] }],
  }));
const inFamily = [family('of a minor whose guardian they are', 'guardian'), family('of one who chose them', 'carer')];
/** To whom the record is not open any more. */
const shutOut: Standing = {
  name: 'of a minor whose own it has become',
  claims: ({ patientId }) => ({
    patientId: randomUUID(),
    practitionerId: randomUUID(),
    acts_for: [{ patient: patientId as string, as: 'guardian', sections: ['details', 'record'], ends: { record: 0 } }],
  }),
  relations: () => [],
};
const standings: Standing[] = [
  ...inFamily,
  standing('their own', 'patient', 'self', ({ patientId }) => ({ patientId: patientId as string })),
  standing('of one whom they treat', 'practitioner', 'care', ({ practitionerId }) => ({
    practitionerId: practitionerId as string,
  })),
  standing('of one who comes to whom they stand in for', 'practitioner', 'locum', ({ practitionerId }) => ({
    practitionerId: randomUUID(),
    delegated: [
      {
        practitioner: practitionerId as string,
        as: 'locum',
        scopes: ['agenda'],
        since: Date.parse(term.since) / 1_000,
        until: Date.parse(term.until) / 1_000,
      },
    ],
  })),
  standing('of one who lets them in', 'practitioner', 'grant', ({ granted }) => ({
    practitionerId: granted as string,
  })),
  standing('opened in an emergency', 'practitioner', 'breakGlass', ({ breaking }) => ({
    practitionerId: breaking as string,
  })),
  {
    name: 'another’s',
    claims: () => ({ patientId: randomUUID(), practitionerId: randomUUID() }),
    relations: () => [],
  },
];

// Where there is no record nobody is let in; whoever treats the patient stands for them.
const withNobodyLetIn = (made: Made): Made => ({
  ...made,
  granted: made.practitionerId,
  breaking: made.practitionerId,
});

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
      return withNobodyLetIn(made);
    },
    unknown: async () => {
      const [patientId, practitionerId] = [randomUUID(), randomUUID()];
      practice.neighbours.relations.add(`${patientId} ${practitionerId}`);
      comesInTerm(patientId, practitionerId);
      return withNobodyLetIn({ patientId, practitionerId, params: { patientId } });
    },
  },
  standings,
});

/** What patients let others do is for the desk as well, but for guardians there. */
const atTheDesk = (standing: Standing): Standing => ({
  ...standing,
  relations: (roles, ...more) => {
    const its = standing.relations(roles, ...more);
    const isGuardian = standing === inFamily[0];
    return roles.includes('secretary') && !isGuardian && !its.includes('self') ? [...its, 'other'] : its;
  },
});

const amended = { amendmentReason: 'Written on the wrong line' };

walkAccess({
  service: 'record',
  start: async () => (practice = await startPractice()),
  fixtures: {
    record: records('notes'),
    allergy: { ...records('allergies'), standings: [...standings, shutOut] },
    condition: records('conditions'),
    encounter: records('encounters'),
    note: records('notes'),
    observation: records('observations'),
    accessGrant: { ...records(), standings: [...standings.map(atTheDesk), shutOut] },
    emergencyAccess: {
      ...records(),
      make: {
        ...records().make,
        there: async () => {
          // Whoever opened one sees that of another patient still.
          await written()();
          return written()();
        },
        // Whoever opened one that was erased is still kept from judging it.
        erased: async () => {
          const made = await written()();
          await hear(practice, 'patient', erased(made.patientId as string));
          return made;
        },
      },
      standings: [
        {
          name: 'their own',
          claims: ({ patientId }) => ({ patientId: patientId as string, practitionerId: randomUUID() }),
          relations: (roles) => [
            ...(roles.includes('patient') ? (['self'] as const) : []),
            ...(roles.includes('admin') ? (['other'] as const) : []),
          ],
        },
        ...inFamily.map((each) => ({
          ...each,
          // Whoever judges is let by their role, too, as long as they opened nothing and are no guardian.
          relations: (...asked: Parameters<Standing['relations']>): Relation[] => [
            ...each.relations(...asked),
            ...(asked[0].includes('admin') && each !== inFamily[0] ? (['other'] as const) : []),
          ],
        })),
        standing('opened by themselves', 'admin', 'author', ({ breaking }) => ({ practitionerId: breaking as string })),
        standing('another’s', 'admin', 'other', () => ({ patientId: randomUUID(), practitionerId: randomUUID() })),
      ],
    },
  },
  requests: {
    ...Object.fromEntries(
      Object.entries(bodies).flatMap(([kind, body]) => [
        [`${kind}.add`, () => ({ body })],
        [`${kind}.amend`, () => ({ body: { ...body, ...amended } })],
      ]),
    ),
    'observations.amend': () => ({ body: { status: 'final', ...amended } }),
    'records.keep': () => ({ body: { keptFromGuardians: true } }),
    'grants.give': () => ({ body: grantTo(addPractitioner(practice)) }),
    // Whoever is let in already needs no emergency.
    'emergencies.open': () => ({ body: unconscious(), served: [409] }),
    'reviews.unreviewed': () => ({ query: 'unreviewed=true' }),
    'reviews.judge': () => ({ body: { finding: 'justified', words: 'The patient was unconscious' } }),
    // Who has an allergy is not without any.
    'allergies.stateNoneKnown': () => ({ served: [409] }),
    'allergies.withdrawNoneKnown': () => ({ body: amended, served: [409] }),
  },
});
