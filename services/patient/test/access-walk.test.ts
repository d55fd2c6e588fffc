import { randomUUID } from 'node:crypto';
import type { Role } from '@cabinet/kit/access/principal';
import { type Fixture, type Made, type Standing, walkAccess } from '../../../tests/support/access-walk.ts';
import { buildAppointment, buildIns, buildPatient, type PatientService, startService } from './support.ts';

let service: PatientService;

/** Somebody of whom everything is known that there is to know. */
async function registered(): Promise<Made & { id: string }> {
  const secretary = await service.as({ roles: ['secretary'] });
  const address = { line: ['12 rue des Lilas'], postalCode: '69003', city: 'Lyon', country: 'FR' };
  const details = buildPatient({ birthName: 'Durand', address, identifiers: [buildIns()] });
  const { body } = await secretary('POST', '/api/patients', details);
  for (const start of ['2026-11-23T08:30:00Z', '2026-11-10T08:30:00Z']) {
    const data = buildAppointment({ patientId: body.id, start, end: start.replace(':30', ':45') });
    await service.deliver({ type: 'appointment.booked', data });
  }
  return { ...details, id: body.id, params: { id: body.id }, version: body.version };
}

async function other(): Promise<string> {
  const secretary = await service.as({ roles: ['secretary'] });
  return (await secretary('POST', '/api/patients', buildPatient())).body.id;
}

async function merged(): Promise<Made> {
  const made = await registered();
  const secretary = await service.as({ roles: ['secretary'] });
  await secretary('POST', `/api/patients/${made.id}/merge`, { intoPatientId: await other() });
  return made;
}

async function erased(): Promise<Made> {
  const made = await registered();
  const admin = await service.as({ roles: ['admin'] });
  await admin('POST', `/api/patients/${made.id}/erase`);
  return made;
}

async function held(): Promise<Made> {
  const made = await registered();
  const admin = await service.as({ roles: ['admin'] });
  const until = '2027-01-01T00:00:00Z';
  await admin('POST', `/api/patients/${made.id}/hold`, { reason: 'legal-claim', until });
  return made;
}

async function marked(): Promise<Made> {
  const made = await registered();
  const secretary = await service.as({ roles: ['secretary'] });
  await secretary('POST', `/api/patients/${made.id}/security-labels`, { code: 'VIP' });
  return { ...made, params: { id: made.id, code: 'VIP' } };
}

/** With the code of a mark in the address. */
const coded = (make: () => Promise<Made>) => async (): Promise<Made> => {
  const made = await make();
  return { ...made, params: { ...made.params, code: 'VIP' } };
};

/** That somebody saw many patients, which is about none of them. */
async function unusual(): Promise<Made> {
  const accessId = randomUUID();
  await service.sql.query(
    `insert into unusual_access (id, actor, practitioner_id, patient_id, day, reasons, is_sampled, patients, usual, lines, first_at,
       last_at, due_at)
     values ($1, 'somebody', $1, $1, '2026-11-20', '["many-patients"]', true, 90, 7, '[]', now(), now(), now())`,
    [accessId],
  );
  return { params: { accessId } };
}

const unknown = async (): Promise<Made> => {
  const id = randomUUID();
  return { id, params: { id } };
};

const theirs: Standing = {
  name: 'their own',
  claims: ({ id }) => ({ patientId: id as string }),
  // Who looks for many does so as what they are to others.
  relations: (roles, _, channel) =>
    roles.includes('patient') ? (channel === 'rest' ? ['self'] : ['self', 'delegate']) : ['other', 'delegate'],
};
const anothers: Standing = {
  name: 'another’s',
  claims: () => ({ patientId: randomUUID() }),
  relations: () => ['other', 'delegate'],
};
/** Whoever works for some practitioners does not see when somebody comes, to whom that be. */
const ofSome: Standing = {
  name: 'another’s, for who works for some',
  claims: () => ({
    patientId: randomUUID(),
    delegated: [{ practitioner: randomUUID(), as: 'secretary', scopes: ['agenda'] }],
  }),
  relations: () => ['other'],
};

/** Somebody whom they chose as carer in all, and another one. */
async function withCarer(): Promise<Made> {
  const [id, relatedPatientId] = [await other(), await other()];
  const secretary = await service.as({ roles: ['secretary'] });
  const give = async (carerId: string) => {
    const carer = { relatedPatientId: carerId, relationship: 'carer', sections: ['details'] };
    const until = '2027-11-20T10:00:00Z';
    return (await secretary('POST', `/api/patients/${id}/related-persons`, { ...carer, until })).body;
  };
  const [body, another] = [await give(relatedPatientId), await give(await other())];
  return {
    id,
    relatedPatientId,
    anotherId: another.id,
    params: { id, relatedPersonId: body.id },
    version: body.version,
  };
}

async function comingOfAge(): Promise<Made> {
  const secretary = await service.as({ roles: ['secretary'] });
  await secretary('POST', '/api/patients', buildPatient({ birthDate: '2014-12-01' }));
  return {};
}

/** Who acts for them, as this. */
const family = (as: 'guardian' | 'carer'): Standing => ({
  name: `as their ${as}`,
  claims: ({ id, relatedPatientId = randomUUID() }) => ({
    patientId: relatedPatientId as string,
    acts_for: [{ patient: id as string, as, sections: ['details'] }],
  }),
  // A guardian is one in every role; of nobody unknown.
  relations: (roles: Role[], state) => [
    'other',
    'delegate',
    ...((as === 'guardian' && state !== 'unknown') || roles.includes('patient') ? [as] : []),
  ],
});

/** For what is asked about nobody in particular. */
const nobodys: Fixture = { make: { there: registered }, standings: [anothers] };

walkAccess({
  service: 'patient',
  start: async () => (service = await startService()),
  fixtures: {
    patient: {
      make: {
        there: registered,
        merged,
        erased,
        unknown,
      },
      standings: [theirs, anothers, ofSome, family('guardian'), family('carer')],
    },
    relatedPerson: { make: { there: withCarer }, standings: [theirs, anothers, family('carer')] },
    comingOfAge: { make: { there: comingOfAge }, standings: [anothers] },
    patientErasure: { make: { there: erased, merged, unknown }, standings: [anothers] },
    legalHold: { make: { there: held, merged, erased, unknown }, standings: [theirs, anothers] },
    securityLabel: {
      make: { there: marked, merged: coded(merged), erased: coded(erased), unknown: coded(unknown) },
      standings: [theirs, anothers],
    },
    unusualAccess: { make: { there: unusual }, standings: [anothers] },
    accesses: nobodys,
    patientIdentifier: nobodys,
    patientStatus: nobodys,
    patientMatch: nobodys,
    patientImport: nobodys,
  },
  requests: {
    'patients.register': () => ({ body: buildPatient() }),
    'patients.list': ({ familyName }) => ({ query: `q=${familyName}` }),
    'patients.search': ({ familyName }) => ({ body: { q: familyName } }),
    'patients.replace': () => ({ body: buildPatient() }),
    'patients.patch': () => ({ body: { telecom: [{ system: 'email', value: 'claire@example.org' }] } }),
    'patients.resolve': ({ identifiers }) => ({ body: { identifiers } }),
    'patientMatches.find': ({ familyName, givenNames, birthDate }) => ({ body: { familyName, givenNames, birthDate } }),
    'patients.status': ({ id }) => ({ body: { patientIds: [id] } }),
    'legalHolds.hold': () => ({ body: { reason: 'authority-order', until: '2028-01-01T00:00:00Z' } }),
    'securityLabels.set': () => ({ body: { code: 'VIP' } }),
    'unusualAccesses.unreviewed': () => ({ query: 'unreviewed=true' }),
    'unusualAccesses.judge': () => ({
      body: { finding: 'justified', words: 'Asked, and it was' },
      headers: { 'if-match': '"v1"' },
    }),
    'unusualAccesses.tell': () => ({ body: { after: 0, until: 0, accesses: [] } }),
    'patientIdentity.merge': async () => ({ body: { intoPatientId: await other() }, isAboutAnother: true }),
    'relatedPersons.give': async () => ({
      body: { relatedPatientId: await other(), relationship: 'carer', sections: ['details'] },
    }),
    // Nobody changes what they do themself, in whichever role.
    'relatedPersons.patch': (made) => {
      made.params = { ...made.params, relatedPersonId: made.anotherId as string };
      return { body: { sections: ['record'] } };
    },
    'patientImport.run': () => ({
      body: 'familyName,givenNames,birthDate\nMartin,Anna,1980-01-31\n',
      headers: { 'content-type': 'text/csv' },
    }),
  },
});
