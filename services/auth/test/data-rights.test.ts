import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Auth, buildUser, patientEvent, signIn, startAuthForTest, until } from './support.ts';

let auth: Auth;

beforeAll(async () => {
  auth = await startAuthForTest();
});
afterAll(() => auth?.stop());

const receipts = (patientId: string) =>
  auth.published.filter(
    ({ type, data }) => type === 'auth.patient-data-erased' && (data as { patientId: string }).patientId === patientId,
  );

describe('a patient who is erased', () => {
  it('is told of once, however often it is heard: how many of what, and what became of it', async () => {
    const patientId = randomUUID();
    const user = await buildUser(auth, { roles: ['patient'], patientId });
    await signIn(auth, user.email);
    await signIn(auth, user.email);
    const event = patientEvent('patient.erased', { patientId });
    for (let times = 0; times < 3; times += 1) await auth.hear('patient', event);
    await until(() => receipts(patientId).length > 0);
    expect(receipts(patientId).map(({ data }) => data)).toEqual([
      {
        patientId,
        what: [
          { kind: 'accounts', count: 1, outcome: 'erased' },
          { kind: 'linksToAccounts', count: 0, outcome: 'erased' },
          { kind: 'sessions', count: 2, outcome: 'erased' },
          { kind: 'invitations', count: 0, outcome: 'erased' },
          { kind: 'auditTrail', outcome: 'kept', reason: 'access-trail' },
        ],
      },
    ]);
    expect(JSON.stringify(receipts(patientId))).not.toContain(user.email);
  });

  it('and has no login, or is somebody else here besides, gives a receipt, too', async () => {
    const [nobody, patientId] = [randomUUID(), randomUUID()];
    await auth.hear('patient', patientEvent('patient.erased', { patientId: nobody }));
    await until(() => receipts(nobody).length > 0);
    await buildUser(auth, { roles: ['patient', 'secretary'], patientId });
    await auth.hear('patient', patientEvent('patient.erased', { patientId }));
    await until(() => receipts(patientId).length > 0);
    const [zero, one] = [nobody, patientId].map((id) => receipts(id)[0]?.data);
    expect(zero).toMatchObject({ what: [{ count: 0 }, { count: 0 }, { count: 0 }, { count: 0 }, {}] });
    expect(one).toMatchObject({ what: [{ count: 0 }, { kind: 'linksToAccounts', count: 1 }, {}, {}, {}] });
  });
});

describe('GET /system/patient-data/{id}', () => {
  it('gives patients their account and where they signed in, and no secret', async () => {
    const patientId = randomUUID();
    const user = await buildUser(auth, { roles: ['patient'], patientId });
    const { accessToken } = await signIn(auth, user.email);
    const headers = { authorization: `Bearer ${accessToken}` };
    const answer = await fetch(`${auth.base}/system/patient-data/${patientId}`, { headers });
    // biome-ignore lint/suspicious/noExplicitAny: the test asserts what is in it
    const body = (await answer.json()) as any;
    expect(body).toMatchObject({ patientId, sections: { accounts: [{ email: user.email }], passkeys: [] } });
    expect(body.sections.sessions).toHaveLength(1);
    expect(JSON.stringify(body)).not.toMatch(/hash|secret|token|argon2/i);
    expect((await fetch(`${auth.base}/system/patient-data/${randomUUID()}`, { headers })).status).toBe(403);
  });
});
