import { randomUUID } from 'node:crypto';
import type { Relation } from '@cabinet/access/vocabulary';
import type { Role } from '@cabinet/kit/access/principal';
import { type Fixture, type Made, type Standing, walkAccess } from '../../../tests/support/access-walk.ts';
import { erased, merged, newPatient, pairedDevice, pulse, startService, type WearableService } from './support.ts';

let service: WearableService;

const term = { since: '2026-11-01T00:00:00.000Z', until: '2026-12-31T00:00:00.000Z' };

/** A patient with a device, a reading, and an import that was begun; and who treats them. */
async function there(): Promise<Made> {
  const patient = await newPatient(service);
  const { patientId, self } = patient;
  const practitionerId = randomUUID();
  const { id } = await pairedDevice(patient, { manufacturer: 'Omron', model: 'M7' });
  await self('POST', '/api/readings', { patientId, readings: [pulse({ origin: 'Montre' })] });
  const begun = await self('POST', '/api/readings/imports', { patientId, format: 'csv' });
  comesTo(patientId, practitionerId);
  return { patientId, practitionerId, importId: begun.body.id, params: { id } };
}

function comesTo(patientId: string, practitionerId: string): void {
  service.relations.there.add(`${patientId} ${practitionerId}`);
  service.relations.there.add(`${patientId} ${practitionerId} ${term.since} ${term.until}`);
}

/** By the id of before. */
async function followed(): Promise<Made> {
  const made = await there();
  await service.hear('patient', merged(made.patientId as string, randomUUID()));
  return made;
}

async function gone(): Promise<Made> {
  const made = await there();
  await service.hear('patient', erased(made.patientId as string));
  return made;
}

async function unknown(): Promise<Made> {
  const [patientId, practitionerId] = [randomUUID(), randomUUID()];
  comesTo(patientId, practitionerId);
  return { patientId, practitionerId, importId: randomUUID(), params: { id: randomUUID() } };
}

const desk = (roles: Role[]): Relation[] => (roles.includes('secretary') ? ['other'] : []);
const asRole = (name: string, role: Role, relation: Relation, claims: Standing['claims'], isDesk = true): Standing => ({
  name,
  claims,
  relations: (roles) => (roles.includes(role) ? [relation] : isDesk ? desk(roles) : []),
});
const family = (name: string, as: 'guardian' | 'carer'): Standing =>
  asRole(
    name,
    'patient',
    as,
    ({ patientId }) => ({
      patientId: randomUUID(),
      practitionerId: randomUUID(),
      acts_for: [{ patient: patientId as string, as, sections: ['record'] }],
    }),
    false,
  );

const standings: Standing[] = [
  asRole('their own', 'patient', 'self', ({ patientId }) => ({ patientId: patientId as string }), false),
  family('of a minor whose guardian they are', 'guardian'),
  family('of one who chose them', 'carer'),
  {
    name: 'of a minor whose own it has become',
    claims: ({ patientId }) => ({
      patientId: randomUUID(),
      practitionerId: randomUUID(),
      acts_for: [
        { patient: patientId as string, as: 'guardian', sections: ['details', 'record'], ends: { record: 0 } },
      ],
    }),
    relations: () => [],
  },
  asRole('of one whom they treat', 'practitioner', 'care', ({ practitionerId }) => ({
    practitionerId: practitionerId as string,
  })),
  asRole('of one who comes to whom they stand in for', 'practitioner', 'locum', ({ practitionerId }) => ({
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
  {
    name: 'of somebody else',
    claims: () => ({ patientId: randomUUID(), practitionerId: randomUUID() }),
    relations: desk,
  },
];

/** The same patient, of whom the import is asked for. */
const ofImport = (make: () => Promise<Made>) => async (): Promise<Made> => {
  const made = await make();
  return { ...made, params: { id: made.importId as string } };
};
const imports: Fixture = {
  make: { there: ofImport(there), merged: ofImport(followed), erased: ofImport(gone), unknown: ofImport(unknown) },
  standings,
};
const fixture: Fixture = { make: { there, merged: followed, erased: gone, unknown }, standings };

walkAccess({
  service: 'wearable',
  start: async () => (service = await startService()),
  fixtures: { device: fixture, reading: fixture, readingSummary: fixture, readingImport: imports },
  requests: {
    'devices.register': ({ patientId }) => ({
      body: { patientId, name: 'Balance', manufacturer: 'Omron', model: 'M7' },
    }),
    'devices.list': ({ patientId }) => ({ query: `patientId=${patientId}` }),
    'devices.pair': ({ patientId }) => ({ body: { patientId } }),
    'readings.take': ({ patientId }) => ({ body: { patientId, readings: [pulse()] } }),
    'readings.curve': ({ patientId }) => ({
      query: `patientId=${patientId}&code=8867-4&from=2026-11-20T00:00:00Z&resolution=raw`,
    }),
    'readings.summary': ({ patientId }) => ({ query: `patientId=${patientId}` }),
    'imports.begin': ({ patientId }) => ({ body: { patientId, format: 'csv', bytes: 10 } }),
    'imports.readPart': ({ importId }) => ({
      query: `importId=${importId}&offset=0`,
      body: 'code,value,unit,effectiveAt\n',
      headers: { 'content-type': 'application/octet-stream' },
    }),
  },
});
