import { randomUUID } from 'node:crypto';
import { type Made, type Standing, walkAccess } from '../../../tests/support/access-walk.ts';
import {
  buildPractitioner,
  buildRpps,
  consultation,
  office,
  type PractitionerService,
  startService,
} from './support.ts';

let service: PractitionerService;

/** Somebody of whom everything is known that there is to know. */
async function registered(): Promise<Made> {
  const secretary = await service.as({ roles: ['secretary'] });
  const details = buildPractitioner({ rpps: buildRpps(), places: [office], appointmentTypes: [consultation] });
  const { body } = await secretary('POST', '/api/practitioners', details);
  return { ...details, id: body.id, params: { id: body.id }, version: body.version };
}

async function unknown(): Promise<Made> {
  const id = randomUUID();
  return { id, params: { id }, familyName: 'Personne' };
}

const theirs: Standing = {
  name: 'their own',
  claims: ({ id }) => ({ practitionerId: id as string }),
  relations: (roles) => (roles.includes('practitioner') ? ['self'] : ['other']),
};
const anothers: Standing = {
  name: 'another’s',
  claims: () => ({ practitionerId: randomUUID() }),
  relations: () => ['other'],
};

walkAccess({
  service: 'practitioner',
  start: async () => (service = await startService()),
  fixtures: {
    practitioner: { make: { there: registered, unknown }, standings: [theirs, anothers] },
    practitionerImport: { make: { there: registered }, standings: [anothers] },
  },
  requests: {
    'practitioners.list': ({ familyName }) => ({ query: `q=${familyName}` }),
    'practitioners.register': () => ({ body: buildPractitioner() }),
    'practitioners.replace': () => ({ body: buildPractitioner() }),
    'practitioners.patch': () => ({ body: { places: [office] } }),
    'practitionerImport.run': () => ({
      body: 'familyName,givenNames\nMartin,Anna\n',
      headers: { 'content-type': 'text/csv' },
    }),
  },
});
