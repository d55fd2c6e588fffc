import { decodeJwt } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Caller, caller, until } from '../support/http.ts';
import { platform } from '../support/platform.ts';
import { newLogin, registerPatient, signedInAs } from '../support/practice.ts';

let secretary: Caller;
let admin: Caller;

beforeAll(async () => {
  [secretary, admin] = (await Promise.all(['secretary', 'admin'].map(signedInAs))) as [Caller, Caller];
});

const yearsAgo = (years: number) => `${new Date().getUTCFullYear() - years}-01-15`;

/** Somebody who signs in as a patient, as often as is wanted. */
async function personOf(patientId: string) {
  const login = await newLogin(admin, { roles: ['patient'], patientId });
  const gateway = platform().url('gateway');
  return async () => {
    const { body } = await caller(gateway)('POST', '/api/auth/login', login);
    return { call: caller(gateway, `Bearer ${body.accessToken}`), actsFor: decodeJwt(body.accessToken).acts_for };
  };
}

describe('who acts for somebody', () => {
  it('a guardian reads and reaches the child until that ends, which every door knows within ten seconds', async () => {
    const child = await registerPatient(secretary, { birthDate: yearsAgo(9) });
    const mother = await registerPatient(secretary, { birthDate: yearsAgo(40) });
    const signIn = await personOf(mother.id);
    const before = await signIn();
    const path = `/api/patients/${child.id}`;
    expect((await before.call('GET', path)).body.code).toBe('ACCESS.NOT_YOUR_DATA');

    const guardian = { relatedPatientId: mother.id, relationship: 'guardian', proof: 'birth-certificate' };
    const given = await secretary('POST', `${path}/related-persons`, guardian);
    expect(given.status).toBe(201);
    // What she may is in her tokens: the one of before ends, and the next says it.
    await until(async () => (await before.call('GET', `/api/patients/${mother.id}`)).status === 401, 60_000, 250);
    const { call, actsFor } = await signIn();
    expect(actsFor).toMatchObject([{ patient: child.id, as: 'guardian' }]);
    const read = await call('GET', path);
    expect([read.status, read.body.familyName]).toEqual([200, child.familyName]);
    const telecom = [{ system: 'phone', value: '+33639981234' }];
    const version = { 'if-match': read.headers.get('etag') as string };
    expect((await call('PATCH', path, { telecom }, version)).status).toBe(200);
    const seen = (await call('GET', `${path}/accesses`)).body.items;
    expect(seen).toContainEqual(expect.objectContaining({ role: 'self', purpose: 'FAMRQT', action: 'changed' }));

    const ended = Date.now();
    expect((await secretary('DELETE', `${path}/related-persons/${given.body.id}`)).status).toBe(204);
    await until(async () => (await call('GET', path)).status === 401, 10_000, 250);
    expect(Date.now() - ended).toBeLessThan(10_000);
    const after = await signIn();
    expect(after.actsFor).toBeUndefined();
    expect((await after.call('GET', path)).body.code).toBe('ACCESS.NOT_YOUR_DATA');
  });

  it('a carer acts in the sections that somebody of age has chosen, and no others', async () => {
    const [old, son] = [await registerPatient(secretary), await registerPatient(secretary)];
    const self = (await (await personOf(old.id))()).call;
    const signIn = await personOf(son.id);
    const path = `/api/patients/${old.id}`;
    const carer = { relatedPatientId: son.id, relationship: 'carer', sections: ['accesses'] };
    const given = await self('POST', `${path}/related-persons`, carer);
    expect(given.status).toBe(201);
    await until(async () => (await signIn()).actsFor !== undefined, 60_000, 1_000);
    const { call } = await signIn();
    expect((await call('GET', `${path}/accesses`)).status).toBe(200);
    expect((await call('GET', path)).body.code).toBe('ACCESS.NOT_YOUR_DATA');
    const version = { 'if-match': '"v1"' };
    const wider = await self('PATCH', `${path}/related-persons/${given.body.id}`, { sections: ['details'] }, version);
    expect(wider.status).toBe(200);
    await until(async () => (await call('GET', path)).status === 401, 60_000, 250);
    const next = (await signIn()).call;
    expect((await next('GET', path)).status).toBe(200);
  });
});
