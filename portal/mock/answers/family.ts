import { type Asked, type Handler, notFound, on, Refused } from '../operation.ts';
import { idOf, patients, people, type RelatedPerson as Relation, since } from '../people.ts';

const yearMs = 365 * 24 * 3_600_000;
const at = (years: number): string => new Date(Date.now() + years * yearMs).toISOString();

const placeOf = (patientId: string | undefined): number => patients.findIndex(({ id }) => id === patientId);

/** Of the one who acts, by their place among the patients. */
const relationOf = (patient: number, related: number, more: Partial<Relation>): [string, Relation] => {
  const id = idOf(`relation ${patient} ${related}`);
  const patientId = patients[patient]?.id as string;
  const relatedPatientId = patients[related]?.id as string;
  const { familyName, givenNames } = patients[related] as (typeof patients)[number];
  return [
    id,
    {
      ...{
        id,
        version: 1,
        patientId,
        relatedPatientId,
        familyName,
        givenNames,
        relationship: 'carer',
        givenBy: 'patient',
      },
      ...{ sections: ['appointments'], from: since },
      ...more,
    },
  ];
};

const proof = { document: 'family-record-book', seenBy: idOf('user secretary'), seenAt: since } as const;
const relations = new Map([
  relationOf(0, 2, {}),
  relationOf(0, 4, {
    relationship: 'guardian',
    givenBy: 'practice',
    sections: ['details', 'appointments', 'accesses'],
    ends: [
      { section: 'record', at: at(-1) },
      { section: 'accesses', at: at(2) },
    ],
    until: at(4),
    proof,
  }),
  relationOf(5, 0, { sections: ['appointments', 'details'] }),
  ...people.flatMap(({ patientId: related, actsFor = [] }) =>
    actsFor.map(({ patientId, as, sections }) =>
      relationOf(placeOf(patientId), placeOf(related), {
        relationship: as,
        sections: [...sections],
        ...(as === 'guardian' && { givenBy: 'practice' as const, proof }),
      }),
    ),
  ),
]);

const found = ({ path, version }: Asked<unknown>, isChange: boolean): Relation => {
  const relation = relations.get(path.relatedPersonId as string);
  if (!relation) throw notFound('PATIENT.NO_SUCH_RELATED_PERSON');
  if (isChange && version() !== relation.version) throw new Refused(412, 'REQUEST.STALE', 'Somebody else changed this');
  return relation;
};

/** Who acts for whom. */
export const familyAnswers: Handler[] = [
  on('get', '/api/patients/{id}/related-persons', ({ path }) => ({
    body: { items: [...relations.values()].filter(({ patientId }) => patientId === path.id) },
  })),
  on('get', '/api/patients/{id}/acts-for', ({ path }) => ({
    body: {
      items: [...relations.values()]
        .filter(({ relatedPatientId }) => relatedPatientId === path.id)
        .map((each) => {
          const { familyName = '', givenNames = [] } = patients.find(({ id }) => id === each.patientId) ?? {};
          return { ...each, familyName, givenNames };
        }),
    },
  })),
  on('post', '/api/patients/{id}/related-persons', ({ path, body }) => {
    const [patient, related] = [path.id, body.relatedPatientId].map(placeOf);
    if (related === undefined || related < 0)
      throw new Refused(422, 'REQUEST.INVALID', 'The request is not valid', {
        fields: [{ path: 'relatedPatientId', code: 'UNKNOWN', message: 'names no patient of this practice' }],
      });
    const { proof: document, ...terms } = body;
    const [id, given] = relationOf(patient as number, related, {
      ...terms,
      ...(document && { proof: { ...proof, document } }),
    });
    relations.set(id, given);
    return { status: 201, body: given };
  }),
  on('patch', '/api/patients/{id}/related-persons/{relatedPersonId}', (asked) => {
    const before = found(asked, true);
    const { until, ...terms } = asked.body;
    const next = {
      ...before,
      ...terms,
      until: until === undefined ? before.until : (until ?? undefined),
      version: before.version + 1,
    };
    relations.set(next.id, next);
    return { body: next };
  }),
  on('delete', '/api/patients/{id}/related-persons/{relatedPersonId}', (asked) => {
    relations.delete(found(asked, false).id);
    return { status: 204, body: undefined };
  }),
];
