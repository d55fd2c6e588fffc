import { randomUUID } from 'node:crypto';
import { rightsGround } from '@cabinet/kit/access/ended-access';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { caller } from '../../../tests/support/http.ts';
import { type Auth, type Browser, buildUser, patientEvent, refresh, signIn, startAuthForTest } from './support.ts';

let auth: Auth;

beforeAll(async () => {
  auth = await startAuthForTest();
});
afterAll(() => auth?.stop());

const path = '/api/auth/delegations';
const everyRole = ['patient', 'practitioner', 'secretary', 'admin'];
const forAll = { practitioner: 'all', as: 'secretary', scopes: ['agenda'] };

interface Person extends Browser {
  id: string;
  email: string;
  practitionerId: string;
}

async function person(overrides: Record<string, unknown> = {}): Promise<Person> {
  const { id, email, practitionerId = '' } = await buildUser(auth, overrides);
  return { id, email, practitionerId, ...(await signIn(auth, email)) };
}
const doctor = (more: object = {}) => person({ roles: ['practitioner'], practitionerId: randomUUID(), ...more });
const secretary = () => person({ roles: ['secretary'] });

const delegate = (by: Person, to: { id: string }, more: object = {}) =>
  by.call('POST', path, { delegateId: to.id, as: 'secretary', scopes: ['agenda'], ...more });

async function delegated(by: Person, to: Person, more: object = {}) {
  const { status, body } = await delegate(by, to, more);
  expect([status, body.code]).toEqual([201, undefined]);
  return body;
}

/** What the next access token says. */
async function tokenSays({ cookie }: { cookie: string }) {
  const { status, body } = await refresh(auth, cookie);
  return status === 200 ? decodeJwt(body.accessToken).delegated : status;
}

/** Whoever signs in anew, as cookies are good once. */
const saysOf = async (email: string) => tokenSays(await signIn(auth, email));

async function hasEnded({ accessToken }: { accessToken: string }): Promise<boolean> {
  const { sub, access_version: version } = decodeJwt(accessToken);
  const { body } = await auth.anybody('GET', '/.well-known/ended-access.json');
  return body.ended.includes(rightsGround(sub as string, version as number));
}

const inDays = (days: number) => new Date(auth.clock.now().getTime() + days * 86_400_000).toISOString();
const v = (version: number) => ({ 'if-match': `"v${version}"` });

describe('an access token', () => {
  it('says for whom its user works, in what and until when, and ends when that changes', async () => {
    const [dr, desk] = [await doctor(), await secretary()];
    expect(decodeJwt(desk.accessToken).delegated).toEqual([forAll]);
    expect(decodeJwt(dr.accessToken).delegated).toBeUndefined();
    const until = inDays(30);
    const { id } = await delegated(dr, desk, { scopes: ['agenda', 'letters'], until });
    expect(await hasEnded(desk)).toBe(true);
    const named = {
      practitioner: dr.practitionerId,
      as: 'secretary',
      scopes: ['agenda', 'letters'],
      until: Date.parse(until) / 1_000,
    };
    const next = await signIn(auth, desk.email);
    expect(decodeJwt(next.accessToken).delegated).toEqual([forAll, named]);

    expect((await dr.call('DELETE', `${path}/${id}`)).status).toBe(204);
    expect([await hasEnded(next), await hasEnded(dr)]).toEqual([true, false]);
    expect(await tokenSays(next)).toEqual([forAll]);
    expect((await dr.call('DELETE', `${path}/${id}`)).body.code).toBe('AUTH.NO_SUCH_DELEGATION');
  });

  it('says whom a colleague stands in for, since when', async () => {
    const [dr, locum] = [await doctor(), await doctor()];
    await delegated(dr, locum, { as: 'locum', until: inDays(7) });
    expect(await saysOf(locum.email)).toEqual([
      {
        practitioner: dr.practitionerId,
        as: 'locum',
        scopes: ['agenda'],
        since: auth.clock.now().getTime() / 1_000,
        until: Date.parse(inDays(7)) / 1_000,
      },
    ]);
  });

  it('says from when on, which may have begun when who is ill says so, or is to come', async () => {
    const [dr, locum, desk] = [await doctor(), await doctor(), await secretary()];
    const sinceOf = async ({ email }: Person) => ((await saysOf(email)) as { since?: number }[]).at(-1)?.since;
    const first = await delegated(dr, locum, { as: 'locum', from: inDays(-2), until: inDays(1) });
    expect([first.from, await sinceOf(locum)]).toEqual([inDays(-2), Date.parse(inDays(-2)) / 1_000]);
    await dr.call('DELETE', `${path}/${first.id}`);
    await delegated(dr, locum, { as: 'locum', from: inDays(-2), until: inDays(9) });
    expect(await sinceOf(locum)).toBe(Date.parse(inDays(-2)) / 1_000);
    await delegated(dr, desk, { from: inDays(3) });
    expect(await sinceOf(desk)).toBe(Date.parse(inDays(3)) / 1_000);
  });

  it('says nothing of it to who must first add a second factor', async () => {
    const [dr, desk] = [await doctor(), await secretary()];
    await delegated(dr, desk);
    const { cookie } = await signIn(auth, desk.email);
    await auth.sql.query('update session set enrolling = true where user_id = $1', [desk.id]);
    expect(await tokenSays({ cookie })).toBeUndefined();
  });
});

describe('a delegation', () => {
  it('is seen by who gave it, who has it and admins, and ended by these alone', async () => {
    const [dr, desk, other] = [await doctor(), await secretary(), await doctor()];
    const given = await delegated(dr, desk);
    expect(given).toEqual({
      id: expect.any(String),
      practitionerId: dr.practitionerId,
      delegateId: desk.id,
      delegateEmail: desk.email,
      as: 'secretary',
      scopes: ['agenda'],
      from: auth.clock.now().toISOString(),
      givenAt: auth.clock.now().toISOString(),
      givenBy: dr.id,
    });
    const next = await signIn(auth, desk.email);
    expect((await dr.call('GET', path)).body.items).toEqual([given]);
    expect((await next.call('GET', path)).body.items).toEqual([given]);
    expect((await other.call('GET', path)).body.items).toEqual([]);
    const all = await auth.admin('GET', `${path}?limit=200`);
    expect(all.body.items).toContainEqual(given);
    for (const stranger of [other, await secretary()]) {
      expect((await stranger.call('DELETE', `${path}/${given.id}`)).status).toBe(404);
    }
    expect((await next.call('DELETE', `${path}/${given.id}`)).status).toBe(204);
    const again = await delegated(dr, desk);
    expect((await auth.admin('DELETE', `${path}/${again.id}`)).status).toBe(204);
    expect((await dr.call('GET', path)).body.items).toEqual([]);
  });

  it('is listed in pages', async () => {
    const dr = await doctor();
    const ids: string[] = [];
    for (let i = 0; i < 3; i += 1) ids.push((await delegated(dr, await secretary())).id);
    const first = await dr.call('GET', `${path}?limit=2`);
    const second = await dr.call('GET', `${path}?limit=2&cursor=${first.body.nextCursor}`);
    expect([...first.body.items, ...second.body.items].map(({ id }: { id: string }) => id)).toEqual(ids.sort());
    expect((await dr.call('GET', `${path}?cursor=x`)).body.fields).toMatchObject([{ path: 'cursor' }]);
  });

  it('goes to colleagues, who are listed with what they are', async () => {
    const [dr, desk] = [await doctor(), await secretary()];
    const patient = await buildUser(auth, { roles: ['patient'], patientId: randomUUID() });
    const { items } = (await dr.call('GET', '/api/auth/delegates?limit=200')).body;
    expect(items).toContainEqual({ id: desk.id, email: desk.email, roles: ['secretary'] });
    const ids = items.map(({ id }: { id: string }) => id);
    expect([ids.includes(dr.id), ids.includes(patient.id)]).toEqual([false, false]);
    expect((await desk.call('GET', '/api/auth/delegates')).status).toBe(403);
  });

  it('leaves a line that names who gave it and who has it', async () => {
    const [dr, desk] = [await doctor(), await secretary()];
    const { id } = await delegated(dr, desk);
    await dr.call('DELETE', `${path}/${id}`);
    const linesOf = async ({ id: actor }: { id: string }) => {
      const query = 'select action, subjects from audit_event where actor = $1 order by sequence';
      return (await auth.sql.query(query, [actor])).rows;
    };
    const both = [desk.id, dr.id].sort();
    const ended = { action: 'DELETE /api/auth/delegations/:id', subjects: both };
    expect(await linesOf(dr)).toEqual([{ action: 'POST /api/auth/delegations', subjects: [desk.id] }, ended]);
    const admin = await person({ roles: ['admin'] });
    const again = await delegated(dr, desk);
    const { body } = await admin.call('GET', `${path}?limit=200`);
    expect((await admin.call('DELETE', `${path}/${again.id}`)).status).toBe(204);
    const people = new Set(
      body.items.flatMap((each: { delegateId: string; givenBy: string }) => [each.delegateId, each.givenBy]),
    );
    expect(await linesOf(admin)).toEqual([
      { action: 'GET /api/auth/delegations', subjects: [...people].sort() },
      ended,
    ]);
  });

  const patient = () => buildUser(auth, { roles: ['patient'], patientId: randomUUID() });
  const dismissed = async () => {
    const { id } = await buildUser(auth);
    await auth.admin('PATCH', `/api/auth/users/${id}`, { active: false }, v(1));
    return { id };
  };
  it.each<[string, (dr: Person) => Promise<{ id: string }> | { id: string }, object, string, string]>([
    ['to oneself', (dr) => dr, { as: 'locum' }, 'delegateId', 'YOURSELF'],
    ['to oneself in capital letters', ({ id }) => ({ id: id.toUpperCase() }), {}, 'delegateId', 'YOURSELF'],
    ['to a patient', patient, {}, 'delegateId', 'UNKNOWN'],
    ['to nobody', () => ({ id: randomUUID() }), {}, 'delegateId', 'UNKNOWN'],
    ['to who was dismissed', dismissed, {}, 'delegateId', 'UNKNOWN'],
    ['to what is no id', () => ({ id: 'x' }), {}, 'delegateId', 'INVALID'],
    ['to a secretary as locum', secretary, { as: 'locum' }, 'as', 'ROLE_MISSING'],
    ['to a doctor as secretary', () => doctor(), {}, 'as', 'ROLE_MISSING'],
    [
      'to a doctor of no practice',
      () => doctor({ practitionerId: undefined }),
      { as: 'locum' },
      'delegateId',
      'NO_PRACTITIONER',
    ],
    ['as something else', secretary, { as: 'admin' }, 'as', 'INVALID'],
    ['what there is not', secretary, { scopes: ['agenda', 'all'] }, 'scopes[1]', 'INVALID'],
    ['nothing', secretary, { scopes: [] }, 'scopes', 'INVALID'],
    ['until a past day', secretary, { until: '2031-03-04T09:59:59Z' }, 'until', 'IN_THE_PAST'],
    ['until this very moment', secretary, { until: '2031-03-04T10:00:00Z' }, 'until', 'IN_THE_PAST'],
    ['until far away', secretary, { until: '2033-03-04T10:00:00Z' }, 'until', 'TOO_FAR'],
    ['from too long ago', secretary, { from: '2031-02-01T09:59:59Z' }, 'from', 'TOO_EARLY'],
    ['from a far day on', secretary, { from: '2032-03-06T10:00:00Z', until: undefined }, 'from', 'TOO_FAR'],
    ['from no day on', secretary, { from: '2031-02-30T10:00:00Z' }, 'from', 'NO_INSTANT'],
    ['until before it begins', secretary, { from: '2031-03-06T10:00:00Z' }, 'until', 'END_BEFORE_START'],
    ['until no day', secretary, { until: '2031-02-30T10:00:00Z' }, 'until', 'NO_INSTANT'],
    ['the practice of somebody else', secretary, { practitionerId: randomUUID() }, 'practitionerId', 'UNKNOWN_FIELD'],
  ])('is refused %s', async (_, to, more, field, code) => {
    const dr = await doctor();
    const whom = await to(dr);
    const withEnd = { until: inDays(1), ...more };
    const { status, body } = await delegate(dr, whom, withEnd);
    expect([status, body.fields]).toEqual([422, [expect.objectContaining({ path: field, code })]]);
    expect((await dr.call('GET', path)).body.items).toEqual([]);
  });

  it('of a locum ends, and is of who is linked to a practitioner', async () => {
    const [dr, locum] = [await doctor(), await doctor()];
    expect((await delegate(dr, locum, { as: 'locum' })).body.fields).toMatchObject([
      { path: 'until', code: 'REQUIRED' },
    ]);
    const unlinked = await doctor({ practitionerId: undefined });
    expect((await delegate(unlinked, await secretary())).body.code).toBe('AUTH.NO_PRACTITIONER');
    for (const nobody of [await secretary(), { call: auth.admin }]) {
      const { status } = await nobody.call('POST', path, { delegateId: locum.id, as: 'locum', scopes: ['agenda'] });
      expect(status).toBe(403);
    }
  });

  it('is one for each practitioner and colleague, however many are asked for at once', async () => {
    const [dr, desk] = [await doctor(), await secretary()];
    const answers = await Promise.all(Array.from({ length: 4 }, () => delegate(dr, desk)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409]);
    expect((await delegate(dr, desk, { scopes: ['results'] })).body.code).toBe('AUTH.ALREADY_DELEGATED');
  });

  it('is one of fifteen at most on either side, and fits into a header of 8 kB whatever its delegate may do', async () => {
    const [dr, patientId] = [await doctor(), randomUUID()];
    const desk = await person({ roles: everyRole, practitionerId: randomUUID(), patientId });
    await auth.sql.query(
      `insert into delegation (id, practitioner_id, delegate_id, works_as, scopes, starts_at, until, given_at, given_by)
       select gen_random_uuid(), gen_random_uuid(), $1, 'locum', '{agenda,letters,results}', $2, $3, $2, 'x' from generate_series(1, 1000)`,
      [desk.id, auth.clock.now(), new Date(inDays(30))],
    );
    await auth.sql.query(
      `insert into acting_for (related_person_id, version, patient_id, related_patient_id, relationship, sections, until, ended, ends)
       select gen_random_uuid(), 1, gen_random_uuid(), $1, 'guardian', '{details,appointments,record,accesses}', $2, false,
         jsonb_build_array(jsonb_build_object('section', 'record', 'at', $3::text), jsonb_build_object('section', 'accesses', 'at', $3::text))
       from generate_series(1, 1000)`,
      [patientId, new Date(inDays(3_000)), inDays(2_000)],
    );
    expect((await delegate(dr, desk)).body.code).toBe('AUTH.TOO_MANY_DELEGATIONS');
    const { accessToken } = await signIn(auth, desk.email);
    const claims = decodeJwt(accessToken);
    expect(claims.delegated).toHaveLength(16);
    expect(claims.acts_for).toHaveLength(20);
    expect(`authorization: Bearer ${accessToken}`.length).toBeLessThan(8_192);
    for (let i = 0; i < 15; i += 1) await delegated(dr, await secretary());
    expect((await delegate(dr, await secretary())).body.code).toBe('AUTH.TOO_MANY_DELEGATIONS');
  });

  it('is answered again to who repeats the request', async () => {
    const [dr, desk] = [await doctor(), await secretary()];
    const key = { 'idempotency-key': randomUUID() };
    const body = { delegateId: desk.id, as: 'secretary', scopes: ['agenda'] };
    const [one, two] = [await dr.call('POST', path, body, key), await dr.call('POST', path, body, key)];
    expect([one.status, two.status, two.body]).toEqual([201, 201, one.body]);
  });

  it('is answered again to who repeats the request after it has ended, where the answer was lost', async () => {
    const [dr, desk] = [await doctor(), await secretary()];
    const key = randomUUID();
    const give = () =>
      dr.call('POST', path, { delegateId: desk.id, as: 'secretary', scopes: ['agenda'] }, { 'idempotency-key': key });
    const one = await give();
    await auth.admin('DELETE', `${path}/${one.body.id}`);
    await auth.sql.query(
      `update idempotency_key set answer = null, claimed_at = claimed_at - interval '61 seconds' where key = $1`,
      [key],
    );
    const two = await give();
    expect([one.status, two.status, two.body]).toEqual([201, 201, one.body]);
    expect((await dr.call('GET', path)).body.items).toEqual([]);
  });
});

const practitionerLeft = ({ practitionerId }: Person, at = auth.clock.now()) => ({
  ...patientEvent('practitioner.left', { practitionerId }),
  source: 'practitioner',
  time: at.toISOString(),
});

describe('what was delegated ends', () => {
  it.each<[string, (dr: Person, to: Person) => Promise<unknown>]>([
    [
      'the practitioner was dismissed',
      (dr) => auth.admin('PATCH', `/api/auth/users/${dr.id}`, { active: false }, v(1)),
    ],
    [
      'the practitioner acts as somebody else',
      (dr) => auth.admin('PATCH', `/api/auth/users/${dr.id}`, { practitionerId: randomUUID() }, v(1)),
    ],
    [
      'the colleague was dismissed and comes back',
      async (_, to) => {
        await auth.admin('PATCH', `/api/auth/users/${to.id}`, { active: false }, v(1));
        await auth.admin('PATCH', `/api/auth/users/${to.id}`, { active: true }, v(2));
      },
    ],
    [
      'the colleague lost the role and has it again',
      async (_, to) => {
        await auth.admin('PATCH', `/api/auth/users/${to.id}`, { roles: ['admin'] }, v(1));
        await auth.admin('PATCH', `/api/auth/users/${to.id}`, { roles: ['secretary', 'practitioner'] }, v(2));
      },
    ],
    [
      'the practitioner has left',
      async (dr) => {
        const left = practitionerLeft(dr);
        for (let i = 0; i < 2; i += 1) {
          expect((await auth.hear('practitioner', left)).body.statuses).toMatchObject([{ status: 'SUCCESS' }]);
        }
      },
    ],
  ])('when %s', async (_, happens) => {
    const [dr, to] = [await doctor(), await secretary()];
    const { id } = await delegated(dr, to);
    const holding = await signIn(auth, to.email);
    await happens(dr, to);
    expect(await hasEnded(holding)).toBe(true);
    expect(await saysOf(to.email)).toEqual([forAll]);
    const { rows } = await auth.sql.query('select ended_at from delegation where id = $1', [id]);
    expect(rows).toEqual([{ ended_at: auth.clock.now() }]);
  });

  it('not when it was delegated after the practitioner, who is back, had left', async () => {
    const [dr, to] = [await doctor(), await secretary()];
    const before = new Date(auth.clock.now().getTime() - 60_000);
    await delegated(dr, to);
    const holding = await signIn(auth, to.email);
    await auth.hear('practitioner', practitionerLeft(dr, before));
    expect(await hasEnded(holding)).toBe(false);
  });

  it('when who stands in has left, or is a practitioner no longer', async () => {
    const [dr, one, other] = [await doctor(), await doctor(), await doctor()];
    for (const locum of [one, other]) await delegated(dr, locum, { as: 'locum', until: inDays(5) });
    await auth.hear('practitioner', practitionerLeft(one));
    await auth.admin('PATCH', `/api/auth/users/${other.id}`, { roles: ['secretary'], practitionerId: null }, v(1));
    expect([await saysOf(one.email), await saysOf(other.email)]).toEqual([undefined, [forAll]]);
    expect((await dr.call('GET', path)).body.items).toEqual([]);
  });

  it('at its time, and can then be given again', async () => {
    const [dr, to] = [await doctor(), await secretary()];
    const [before, until] = [auth.clock.now(), inDays(1 / 1_440)];
    await delegated(dr, to, { until });
    const { cookie } = await signIn(auth, to.email);
    auth.clock.set(new Date(until));
    expect(await tokenSays({ cookie })).toEqual([forAll]);
    expect((await dr.call('GET', path)).body.items).toEqual([]);
    await delegated(dr, to);
    auth.clock.set(before);
  });

  it('for every process that asks any replica, as it is stored with what it tells of', async () => {
    const [dr, to] = [await doctor(), await secretary()];
    const { id } = await delegated(dr, to);
    const holding = await signIn(auth, to.email);
    expect((await dr.call('DELETE', `${path}/${id}`)).status).toBe(204);
    const other = await auth.replica();
    const { body } = await caller(other)('GET', '/.well-known/ended-access.json');
    const { sub, access_version: version } = decodeJwt(holding.accessToken);
    expect(body.ended).toContain(rightsGround(sub as string, version as number));
  });
});

describe('for whom secretaries work without being named', () => {
  const rule = '/api/auth/delegation-rule';

  it('is for an admin to say, and acts on the tokens of all of them', async () => {
    const admin = await person({ roles: ['admin'] });
    const [dr, desk, other] = [await doctor(), await secretary(), await secretary()];
    await delegated(dr, desk);
    const holding = await signIn(auth, desk.email);
    expect((await desk.call('PUT', rule, { secretariesWorkFor: 'named' }, v(1))).status).toBe(403);
    expect((await admin.call('PUT', rule, { secretariesWorkFor: 'named' })).status).toBe(428);
    expect((await admin.call('PUT', rule, { secretariesWorkFor: 'some' }, v(1))).status).toBe(422);
    const set = await admin.call('PUT', rule, { secretariesWorkFor: 'named' }, v(1));
    expect([set.body, set.headers.get('etag')]).toEqual([{ secretariesWorkFor: 'named', version: 2 }, '"v2"']);
    expect([await hasEnded(holding), await hasEnded(other), await hasEnded(dr)]).toEqual([true, true, false]);
    expect(await saysOf(desk.email)).toMatchObject([{ practitioner: dr.practitionerId }]);
    expect(await saysOf(other.email)).toBeUndefined();

    expect((await admin.call('PUT', rule, { secretariesWorkFor: 'all' }, v(1))).status).toBe(412);
    expect((await admin.call('PUT', rule, { secretariesWorkFor: 'all' }, v(2))).status).toBe(200);
    expect((await dr.call('GET', rule)).body).toEqual({ secretariesWorkFor: 'all', version: 3 });
    expect(await saysOf(other.email)).toEqual([forAll]);

    // What it said stays known, with who set it; nobody knows that of the first.
    expect((await desk.call('GET', `${rule}/versions`)).status).toBe(403);
    const { items } = (await admin.call('GET', `${rule}/versions`)).body;
    expect(items).toEqual([
      { version: 3, secretariesWorkFor: 'all', changedBy: admin.id, changedAt: expect.stringMatching(/Z$/) },
      { version: 2, secretariesWorkFor: 'named', changedBy: admin.id, changedAt: expect.stringMatching(/Z$/) },
      { version: 1, secretariesWorkFor: 'all' },
    ]);
  });
});
