import { randomUUID } from 'node:crypto';
import { rightsGround } from '@cabinet/kit/access/ended-access';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Auth, buildUser, cookieOf, patientEvent, refresh, signIn, startAuthForTest } from './support.ts';

let auth: Auth;

beforeAll(async () => {
  auth = await startAuthForTest();
});
afterAll(() => auth?.stop());

const sections = ['details', 'appointments', 'record', 'accesses'];
const relationOf = (overrides: object = {}) => ({
  relatedPersonId: randomUUID(),
  version: 1,
  patientId: randomUUID(),
  relatedPatientId: randomUUID(),
  relationship: 'guardian',
  sections,
  until: '2040-01-01T23:00:00.000Z',
  ...overrides,
});

async function hear(type: string, data: object) {
  const event = patientEvent(type, data);
  // As often as a broker may deliver it.
  for (let i = 0; i < 2; i += 1) {
    expect((await auth.hear('patient', event)).body.statuses).toMatchObject([{ status: 'SUCCESS' }]);
  }
}

const actsForIn = (accessToken: string) => decodeJwt(accessToken).acts_for;

async function parent(patientId: string, overrides: object = {}) {
  const user = await buildUser(auth, { roles: ['patient'], patientId, ...overrides });
  return { user, ...(await signIn(auth, user.email)) };
}

/** What a token stands on that says no longer what it said. */
async function hasEnded(accessToken: string): Promise<boolean> {
  const { sub, access_version: version } = decodeJwt(accessToken);
  const { body } = await auth.anybody('GET', '/.well-known/ended-access.json');
  return body.ended.includes(rightsGround(sub as string, version as number));
}

describe('an access token', () => {
  it('says for whom else somebody may act, as what, in what, and until when', async () => {
    const relation = relationOf();
    const { accessToken, cookie } = await parent(relation.relatedPatientId);
    expect(actsForIn(accessToken)).toBeUndefined();
    await hear('related-person.given', relation);
    expect(await hasEnded(accessToken)).toBe(true);
    const next = (await refresh(auth, cookie)).body.accessToken;
    expect(actsForIn(next)).toEqual([
      { patient: relation.patientId, as: 'guardian', sections, until: Date.parse(relation.until) / 1_000 },
    ]);
    expect(await hasEnded(next)).toBe(false);
  });

  it('ends with what it said of it, and the next one says what is so now', async () => {
    const relation = relationOf({ relationship: 'carer', sections: ['details', 'record'], until: undefined });
    await hear('related-person.given', relation);
    const { accessToken, cookie } = await parent(relation.relatedPatientId);
    expect(actsForIn(accessToken)).toMatchObject([{ as: 'carer', sections: ['details', 'record'] }]);

    await hear('related-person.changed', { ...relation, version: 2, sections: ['details'] });
    expect(await hasEnded(accessToken)).toBe(true);
    const second = await refresh(auth, cookie);
    expect(actsForIn(second.body.accessToken)).toMatchObject([{ sections: ['details'] }]);

    await hear('related-person.ended', { ...relation, version: 3, sections: ['details'] });
    expect(await hasEnded(second.body.accessToken)).toBe(true);
    // What comes late of before brings nothing back.
    await hear('related-person.changed', { ...relation, version: 2 });
    const user = await signIn(
      auth,
      (await auth.admin('GET', `/api/auth/users/${decodeJwt(accessToken).sub}`)).body.email,
    );
    expect(actsForIn(user.accessToken)).toBeUndefined();
  });

  it('leaves out what is over, and is for who signs in as that patient', async () => {
    const patientId = randomUUID();
    await hear('related-person.given', relationOf({ relatedPatientId: patientId, until: '2031-03-04T10:00:00.000Z' }));
    await hear('related-person.given', relationOf({ relatedPatientId: patientId, until: '2031-03-04T10:00:00.001Z' }));
    const { accessToken, user } = await parent(patientId, { roles: ['patient', 'secretary'] });
    expect(actsForIn(accessToken)).toHaveLength(1);
    const change = { roles: ['secretary'], patientId: null };
    await auth.admin('PATCH', `/api/auth/users/${user.id}`, change, { 'if-match': '"v1"' });
    expect(actsForIn((await signIn(auth, user.email)).accessToken)).toBeUndefined();
  });

  it('says which sections end before the rest, leaves out those that have, and takes what is opened again', async () => {
    const at = auth.clock.now().getTime() + 60_000;
    const ends = ['record', 'accesses'].map((section) => ({ section, at: new Date(at).toISOString() }));
    const relation = relationOf({ ends });
    await hear('related-person.given', relation);
    // What ends while none of today's tokens is good any more, tokens of that day say.
    const early = auth.clock.now();
    auth.clock.set(new Date(at - 3_600_000));
    const { accessToken, cookie: first } = await parent(relation.relatedPatientId);
    const [long] = actsForIn(accessToken) as object[];
    expect(long).not.toHaveProperty('ends');
    auth.clock.set(early);
    const now = await refresh(auth, first);
    const cookie = cookieOf(now);
    const seconds = at / 1_000;
    expect(actsForIn(now.body.accessToken)).toMatchObject([{ sections, ends: { record: seconds, accesses: seconds } }]);

    auth.clock.set(new Date(at - 1));
    const last = await refresh(auth, cookie);
    expect(actsForIn(last.body.accessToken)).toMatchObject([{ sections }]);
    auth.clock.set(new Date(at));
    const next = await refresh(auth, cookieOf(last));
    expect(actsForIn(next.body.accessToken)).toEqual([
      {
        patient: relation.patientId,
        as: 'guardian',
        sections: ['details', 'appointments'],
        until: Date.parse(relation.until) / 1_000,
      },
    ]);
    expect(await hasEnded(next.body.accessToken)).toBe(false);

    await hear('related-person.changed', { ...relation, version: 2, ends: ends.slice(1) });
    expect(await hasEnded(next.body.accessToken)).toBe(true);
    const opened = (await refresh(auth, cookieOf(next))).body.accessToken;
    expect(actsForIn(opened)).toMatchObject([{ sections: ['details', 'appointments', 'record'] }]);
  });

  it('says nothing of somebody who was erased, in whatever order that is heard', async () => {
    const [before, late] = [relationOf(), relationOf()];
    await hear('related-person.given', before);
    const { accessToken, user } = await parent(before.relatedPatientId);
    await hear('patient.erased', { patientId: before.patientId });
    expect(await hasEnded(accessToken)).toBe(true);
    expect(actsForIn((await signIn(auth, user.email)).accessToken)).toBeUndefined();

    await hear('patient.erased', { patientId: late.patientId });
    await hear('related-person.given', late);
    expect(actsForIn((await parent(late.relatedPatientId)).accessToken)).toBeUndefined();
    const ids = [before.patientId, late.patientId];
    const { rowCount } = await auth.sql.query('select from acting_for where patient_id = any($1)', [ids]);
    expect(rowCount).toBe(0);
  });

  it('follows somebody who acts into the registration that they turned out to be', async () => {
    const [left, kept] = [randomUUID(), randomUUID()];
    const relation = relationOf({ relatedPatientId: left });
    await hear('related-person.given', relation);
    const { user } = await parent(left);
    await hear('related-person.changed', { ...relation, version: 2, relatedPatientId: kept });
    await hear('patient.merged', { patientId: left, mergedIntoPatientId: kept });
    expect(actsForIn((await signIn(auth, user.email)).accessToken)).toMatchObject([{ patient: relation.patientId }]);
  });

  it('grants nothing to who must first add a second factor', async () => {
    const strict = await startAuthForTest({ SECOND_FACTOR_ROLES: ['patient'] });
    try {
      const relation = relationOf();
      await strict.hear('patient', patientEvent('related-person.given', relation));
      const user = await buildUser(strict, { roles: ['patient'], patientId: relation.relatedPatientId });
      expect(actsForIn((await signIn(strict, user.email)).accessToken)).toBeUndefined();
    } finally {
      await strict.stop();
    }
  });
});
