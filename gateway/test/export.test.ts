import { unzipSync } from 'fflate';
import { expect, it } from 'vitest';
import { keepersOfPatientData } from '../src/route-table.js';
import { startSystem } from './support/system.js';
import { answerStatus, startUpstream, type TestUpstream } from './support/upstream.js';

const json = { 'content-type': 'application/json' };
const earlier = '1a0c8a54-6b0e-4b43-8d5c-0d9e5d1a4f11';
const patientId = '7b0c8a54-6b0e-4b43-8d5c-0d9e5d1a4f22';

const parts: Record<string, object> = {
  alert: { alerts: [{ priority: 'high', startedAt: '2026-11-21T07:00:00.000Z', state: 'acknowledged' }] },
  patient: {
    details: [
      {
        familyName: 'Lefèvre',
        givenNames: ['Claire', '<b>Marie</b>'],
        birthDate: '1955-08-14',
        active: true,
        contacts: [],
      },
    ],
  },
  appointment: { appointments: [{ start: '2026-11-23T09:30:00+01:00', reason: 'Toux' }], waitingList: [] },
  auth: { accounts: [{ email: 'claire@example.org', createdAt: '2026-11-20T16:02:11.000Z' }] },
  notification: { notifications: [{ kind: 'reminder', dueAt: '2026-11-22T09:30:00.000Z', state: 'sent' }] },
  record: { notes: [{ text: 'Words & more', author: { role: 'practitioner' } }] },
  wearable: { readings: [{ code: '8867-4', value: 72, unit: '/min', effectiveAt: '2026-11-21T07:00:00+01:00' }] },
};

const gives = (service: string) =>
  startUpstream((_req, res) => {
    res.writeHead(200, json).end(JSON.stringify({ patientId, sections: parts[service] }));
  });

async function startPractice(others: Record<string, TestUpstream | undefined> = {}) {
  const system = await startSystem();
  const upstreams = new Map<string, TestUpstream>();
  for (const service of keepersOfPatientData) {
    const upstream = service in others ? others[service] : await gives(service);
    if (!upstream) continue;
    upstreams.set(service, upstream);
    await system.add(service, upstream);
  }
  const ask = async (id = patientId, headers = {}, claims: object = { roles: ['patient'], patientId }) => {
    const authorization = `Bearer ${await system.issuer.token(claims)}`;
    return fetch(`${system.url}/api/patients/${id}/export`, { headers: { authorization, ...headers } });
  };
  return { upstreams, ask };
}

/** The texts in an archive, by the names of its files. */
async function filesIn(answer: Response): Promise<Record<string, string>> {
  const files = unzipSync(new Uint8Array(await answer.arrayBuffer()));
  return Object.fromEntries(Object.entries(files).map(([name, bytes]) => [name, new TextDecoder().decode(bytes)]));
}

it('a patient has a copy of what every service keeps of them, in files for programs and pages for people', async () => {
  const { ask } = await startPractice();
  const answer = await ask();
  expect([answer.status, answer.headers.get('content-type'), answer.headers.get('cache-control')]).toEqual([
    200,
    'application/zip',
    'no-store',
  ]);
  expect(answer.headers.get('content-disposition')).toBe('attachment; filename="export.zip"');
  const files = await filesIn(answer);
  expect(Object.keys(files).sort()).toEqual([
    ...keepersOfPatientData.map((service) => `data/${service}.json`).sort(),
    ...['index.fr.html', 'index.html'],
  ]);
  for (const service of keepersOfPatientData) {
    expect(JSON.parse(files[`data/${service}.json`] as string)).toEqual({ patientId, sections: parts[service] });
  }
  const page = files['index.html'] as string;
  for (const said of [
    'Family name',
    'Lefèvre',
    'Toux',
    '2026-11-23 09:30',
    '2026-11-20 16:02 UTC',
    'Words &amp; more',
    'Messages',
    'Measured on',
  ]) {
    expect(page).toContain(said);
  }
  expect(page).toContain('&lt;b&gt;Marie&lt;/b&gt;');
  expect(page).not.toMatch(/<b>Marie|<script|https?:/);
  expect(files['index.fr.html']).toContain('Nom de famille');
});

it('in French first for who reads French', async () => {
  const { ask } = await startPractice();
  const answer = await ask(patientId, { 'accept-language': 'fr-FR,fr;q=0.9,en;q=0.5' });
  expect([answer.headers.get('content-language'), answer.headers.get('vary')]).toEqual([
    'fr',
    expect.stringContaining('Accept-Language'),
  ]);
  const files = await filesIn(answer);
  expect(files['index.html']).toContain('Tout ce que le cabinet conserve à votre sujet');
  expect(files['index.en.html']).toContain('All that the practice keeps of you');
});

it('asks each service with the token of the caller, by the id that the patient has now', async () => {
  const { ask, upstreams } = await startPractice();
  expect((await ask(earlier.toUpperCase())).status).toBe(200);
  for (const [service, { seen }] of upstreams) {
    const id = service === 'patient' ? earlier : patientId;
    expect(seen.map(({ url }) => url)).toEqual([`/system/patient-data/${id}`]);
    expect(seen[0]?.headers.authorization).toMatch(/^Bearer ./);
  }
});

it('gives two who ask at once the whole, each', async () => {
  const { ask } = await startPractice();
  const [one, two] = await Promise.all([ask(), ask()].map(async (asked) => filesIn(await asked)));
  expect(Object.keys(one ?? {})).toHaveLength(2 + keepersOfPatientData.length);
  expect(two?.['data/record.json']).toBe(one?.['data/record.json']);
});

it('gives nothing at all when a service is away, refuses, or answers what is none', async () => {
  const cases = {
    away: undefined,
    broken: await startUpstream(answerStatus(500, json, '{}')),
    refusing: await startUpstream(answerStatus(403, json, '{"code":"ACCESS.NOT_YOUR_DATA","title":"x"}')),
    gone: await startUpstream(answerStatus(410, json, '{"code":"PATIENT.ERASED","title":"x"}')),
  };
  for (const [what, record] of Object.entries(cases)) {
    const { ask } = await startPractice({ record });
    const answer = await ask();
    const body = (await answer.json()) as { code: string };
    expect([what, answer.status, body.code]).toEqual([what, 503, 'GATEWAY.EXPORT_INCOMPLETE']);
    expect(answer.headers.get('retry-after')).toBe('5');
  }
});

it.each([
  [403, 'ACCESS.NOT_YOUR_DATA'],
  [404, 'PATIENT.NOT_FOUND'],
  [410, 'PATIENT.ERASED'],
])('says as the patient service does that there is none for the caller: %i', async (status, code) => {
  const patient = await startUpstream(answerStatus(status, json, JSON.stringify({ code, title: 'No' })));
  const { ask, upstreams } = await startPractice({ patient });
  const answer = await ask();
  expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([status, code]);
  // Then nobody else is asked.
  expect(upstreams.get('record')?.seen).toEqual([]);
});

it('is for patients alone', async () => {
  const { ask, upstreams } = await startPractice();
  for (const roles of [['practitioner'], ['secretary'], ['admin'], ['practitioner', 'secretary', 'admin']]) {
    expect((await ask(patientId, {}, { roles })).status).toBe(403);
  }
  expect(upstreams.get('patient')?.seen).toEqual([]);
});
