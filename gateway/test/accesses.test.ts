import { expect, it } from 'vitest';
import { startSystem } from './support/system.js';
import { answerStatus, startUpstream } from './support/upstream.js';

const json = { 'content-type': 'application/json' };
const patientId = '7b0c8a54-6b0e-4b43-8d5c-0d9e5d1a4f22';
const doctorId = '9c0c8a54-6b0e-4b43-8d5c-0d9e5d1a4f33';
const patientUser = '01a222bc-919d-77bf-9544-aadb3649135a';
const at = (second: number) => new Date(Date.UTC(2026, 10, 22, 10, 0, second)).toISOString();

const byDoctor = { actor: 'u-1', roles: ['practitioner'], practitionerId: doctorId, purpose: 'TREAT', outcome: 200 };
const trails: Record<string, object[]> = {
  record: [
    { ...byDoctor, at: at(9), action: 'GET /api/records/:patientId/notes' },
    { ...byDoctor, at: at(5), action: 'GET /api/records/:patientId', purpose: 'ETREAT', outcome: 403 },
  ],
  patient: [
    {
      actor: patientUser,
      roles: ['patient'],
      purpose: 'PATRQT',
      outcome: 200,
      at: at(8),
      action: 'PATCH /api/patients/:id',
    },
    {
      actor: 'u-2',
      roles: ['secretary'],
      onBehalfOf: doctorId,
      purpose: 'PATADMIN',
      outcome: 200,
      at: at(7),
      action: 'GET /api/patients/:id',
    },
  ],
};

const withTrail = (service: string, asked: string[]) =>
  startUpstream((req, res) => {
    const { pathname, searchParams } = new URL(req.url ?? '', 'http://service');
    asked.push(`${service} ${pathname}`);
    const to = searchParams.get('to');
    const limit = Number(searchParams.get('limit'));
    const found = (trails[service] as { at: string }[]).filter((each) => !to || each.at < to);
    const nextCursor = found.length > limit ? 'more' : undefined;
    res.writeHead(200, json).end(JSON.stringify({ items: found.slice(0, limit), nextCursor }));
  });

async function startPractice({ practitioner = 200 } = {}) {
  const asked: string[] = [];
  const system = await startSystem();
  await system.add('patient', await withTrail('patient', asked));
  await system.add('record', await withTrail('record', asked));
  await system.add(
    'practitioner',
    await startUpstream((req, res) => {
      if (req.url?.startsWith('/system')) return void res.writeHead(404, json).end('{}');
      res.writeHead(practitioner, json).end(JSON.stringify({ givenNames: ['Claire'], familyName: 'Bernard' }));
    }),
  );
  const ask = async (query = '', headers = {}, claims: object = { roles: ['patient'], subject: patientUser }) => {
    const authorization = `Bearer ${await system.issuer.token(claims)}`;
    const url = `${system.url}/api/patients/${patientId}/accesses${query}`;
    const answer = await fetch(url, { headers: { authorization, ...headers } });
    // biome-ignore lint/suspicious/noExplicitAny: the tests assert what is in it
    return { status: answer.status, headers: answer.headers, body: (await answer.json()) as any };
  };
  return { system, asked, ask };
}

const texts = ({ items }: { items: { text: string }[] }) => items.map(({ text }) => text);

it('a patient reads in plain words who saw what, in which role, for whom and why, of all services', async () => {
  const { ask, asked } = await startPractice();
  const { status, body } = await ask();
  expect(status).toBe(200);
  expect(texts(body)).toEqual([
    'Claire Bernard (a health professional) saw your medical notes, to treat you.',
    'You changed your personal details.',
    'A secretary for Claire Bernard saw your personal details, to organise your care.',
    'Claire Bernard (a health professional) tried to see your medical record, in an emergency, and was refused.',
  ]);
  expect(body.items[0]).toEqual({
    service: 'record',
    at: at(9),
    role: 'practitioner',
    practitionerId: doctorId,
    practitionerName: 'Claire Bernard',
    kind: 'records/notes',
    action: 'read',
    isRefused: false,
    isEmergency: false,
    purpose: 'TREAT',
    text: expect.any(String),
  });
  expect(body.items[3]).toMatchObject({ isRefused: true, isEmergency: true });
  expect(asked.sort()).toEqual([`patient /system/accesses/${patientId}`, `record /system/accesses/${patientId}`]);
});

it('in French for who asks for it, and page by page', async () => {
  const { ask } = await startPractice();
  const french = { 'accept-language': 'fr-FR,fr;q=0.9,en;q=0.5' };
  const first = await ask('?limit=3', french);
  expect(first.headers.get('content-language')).toBe('fr');
  expect(first.headers.get('vary')).toContain('Accept-Language');
  const second = await ask(`?limit=3&cursor=${first.body.nextCursor}`, french);
  expect([...texts(first.body), ...texts(second.body)]).toEqual([
    'Claire Bernard (un professionnel de santé) a consulté vos notes médicales, pour vous soigner.',
    'Vous avez modifié vos informations personnelles.',
    'Le secrétariat pour Claire Bernard a consulté vos informations personnelles, pour organiser vos soins.',
    'Claire Bernard (un professionnel de santé) a voulu consulter votre dossier médical, en urgence : accès refusé.',
  ]);
  expect(second.body.nextCursor).toBeUndefined();
});

it('is said to who acts for the patient of the patient', async () => {
  const { ask } = await startPractice();
  const acts_for = [{ patient: patientId, as: 'guardian', sections: ['accesses'] }];
  const asMother = (language: string) =>
    ask('?limit=1', { 'accept-language': language }, { roles: ['patient'], subject: 'mother', acts_for });
  expect([texts((await asMother('en')).body), texts((await asMother('fr')).body)]).toEqual([
    ['Claire Bernard (a health professional) saw their medical notes, to treat them.'],
    ['Claire Bernard (un professionnel de santé) a consulté ses notes médicales, pour des soins.'],
  ]);
});

it('names a service that cannot be asked or does not know the patient, and leaves out one that keeps nothing of patients', async () => {
  const { system, ask } = await startPractice();
  expect((await ask('?cursor=x')).status).toBe(422);
  await system.add('auth', await startUpstream(answerStatus(500, json, '{}')));
  await system.add('appointment', await startUpstream(answerStatus(403, json, '{}')));
  await system.add('practitioner', await startUpstream(answerStatus(404, json, '{}')));
  const { status, body } = await ask();
  expect([status, body.items.length]).toEqual([200, 4]);
  expect(body.unavailable).toContainEqual({ service: 'appointment', code: 'HTTP.403' });
  expect(body.unavailable).toContainEqual({ service: 'auth', code: expect.any(String) });
  expect(body.unavailable.map(({ service }: { service: string }) => service)).not.toContain('practitioner');
});

it('lists somebody whose name cannot be had by what they are', async () => {
  const { ask } = await startPractice({ practitioner: 500 });
  expect(texts((await ask()).body)[0]).toBe('A health professional saw your medical notes, to treat you.');
});

it('of what is no id is left to the patient service to refuse', async () => {
  const patient = await startUpstream(answerStatus(404, json, '{}'));
  const { ask } = await startSystem([patient]);
  const path = '/api/patients/nobody/accesses';
  expect((await ask(path)).status).toBe(404);
  expect(patient.seen.map(({ url }) => url)).toEqual([path]);
});

it('is refused to whom the services refuse', async () => {
  const { ask } = await startPractice();
  expect((await ask('', {}, { roles: ['practitioner'] })).status).toBe(403);
  const system = await startSystem();
  const refusal = { code: 'ACCESS.ROLE_NOT_ALLOWED', title: 'Your role does not allow this' };
  await system.add('patient', await startUpstream(answerStatus(403, json, JSON.stringify(refusal))));
  const authorization = `Bearer ${await system.issuer.token({ roles: ['patient'] })}`;
  const answer = await fetch(`${system.url}/api/patients/${patientId}/accesses`, { headers: { authorization } });
  expect([answer.status, await answer.json()]).toEqual([403, expect.objectContaining(refusal)]);
});
