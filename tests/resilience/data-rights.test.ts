import { unzipSync } from 'fflate';
import { beforeAll, describe, expect, it } from 'vitest';
import { keepersOfPatientData } from '../../gateway/dist/route-table.js';
import { type Caller, caller, until } from '../support/http.ts';
import { platform } from '../support/platform.ts';
import { addPractitioner, freeSlots, type Receiving, registerPatient, signedInAs } from '../support/practice.ts';

let secretary: Caller;
let admin: Caller;
let receiving: Receiving;

beforeAll(async () => {
  [secretary, admin] = await Promise.all([signedInAs('secretary'), signedInAs('admin')]);
  receiving = await addPractitioner(admin);
});

const password = 'an old grey mare likes oats';
const services = [...keepersOfPatientData].sort();

/** A patient of whom each service keeps something, signed in. */
async function known() {
  const { id, familyName } = await registerPatient(secretary);
  const email = `${id}@practice.example`;
  await admin('POST', '/api/auth/users', { email, password, roles: ['patient'], patientId: id });
  const { practitionerId, appointmentTypeId } = receiving;
  const [start] = (await freeSlots(secretary, receiving)) as [string];
  const visit = { patientId: id, practitionerId, appointmentTypeId, start, reason: 'A sore throat' };
  expect((await secretary('POST', '/api/appointments', visit)).status).toBe(201);
  const { body } = await caller(platform().url('gateway'))('POST', '/api/auth/login', { email, password });
  const authorization = `Bearer ${body.accessToken}`;
  await until(
    async () => (await caller(platform().url('gateway'), authorization)('GET', `/api/records/${id}`)).status === 200,
  );
  return { id, familyName, email, authorization };
}

const copyOf = (id: string, authorization: string) =>
  fetch(`${platform().url('gateway')}/api/patients/${id}/export`, { headers: { authorization } });
const erasureOf = async (id: string) => (await admin('GET', `/api/patients/${id}/erasure`)).body;

describe('a patient', () => {
  it('takes a copy of all that is kept, and once erased there is a receipt of each service, and of none anything else', async () => {
    const { id, familyName, email, authorization } = await known();
    const answer = await copyOf(id, authorization);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/zip']);
    const files = unzipSync(new Uint8Array(await answer.arrayBuffer()));
    const read = (name: string) => new TextDecoder().decode(files[name]);
    expect(Object.keys(files).filter((name) => name.startsWith('data/'))).toEqual(
      expect.arrayContaining(services.map((service) => `data/${service}.json`)),
    );
    expect(read('index.html')).toContain(familyName);
    expect(read('data/appointment.json')).toContain('A sore throat');
    expect(read('data/auth.json')).toContain(email);
    for (const service of services) expect(JSON.parse(read(`data/${service}.json`)).patientId).toBe(id);

    const self = caller(platform().url('gateway'), authorization);
    await until(async () => {
      const { items } = (await self('GET', `/api/patients/${id}/accesses?limit=100`)).body;
      const copied = items.filter(({ kind }: { kind: string }) => kind === 'patient-data');
      return new Set(copied.map(({ service }: { service: string }) => service)).size === services.length;
    });

    expect((await admin('POST', `/api/patients/${id}/erase`)).status).toBe(204);
    await until(async () => (await erasureOf(id)).state === 'done', 60_000);
    const { receipts } = await erasureOf(id);
    expect(receipts.map(({ service }: { service: string }) => service).sort()).toEqual(services);
    const outcomes = new Set(
      receipts.flatMap(({ what }: { what: { outcome: string }[] }) => what.map((each) => each.outcome)),
    );
    expect([...outcomes].sort()).toEqual(['anonymised', 'erased', 'kept']);
    expect(JSON.stringify(receipts)).not.toContain(familyName);
    // The login has ended with it.
    await until(async () => [401, 410].includes((await copyOf(id, authorization)).status), 20_000);
  }, 180_000);

  it('gets no part of a copy while a service is gone, and is erased there when it is back, whoever dies meanwhile', async () => {
    const { id, authorization } = await known();
    await platform().stopProcess('record');
    try {
      const refused = await copyOf(id, authorization);
      const problem = (await refused.json()) as { code: string };
      expect([refused.status, problem.code]).toEqual([503, 'GATEWAY.EXPORT_INCOMPLETE']);
      expect((await admin('POST', `/api/patients/${id}/erase`)).status).toBe(204);
      await until(async () => (await erasureOf(id)).waitsFor?.join() === 'record', 60_000);
      const listed = (await admin('GET', '/api/patients/erasures/unfinished?limit=200')).body.items;
      expect(listed.map(({ patientId }: { patientId: string }) => patientId)).toContain(id);
      const { identity } = platform().process('patient');
      platform().kill('patient', 'SIGKILL');
      await platform().whenRestarted('patient', identity?.pid);
    } finally {
      await platform().startProcess('record');
    }
    await until(async () => (await erasureOf(id)).state === 'done', 120_000);
    expect((await erasureOf(id)).receipts).toHaveLength(services.length);
  }, 300_000);
});
