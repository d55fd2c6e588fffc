import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Answer } from '../../../tests/support/http.ts';
import { type Auth, buildUser, goodPassword, mailOf, signIn, startAuthForTest } from './support.ts';

let auth: Auth;

beforeAll(async () => {
  auth = await startAuthForTest();
});
afterEach(() => auth.neighbours.unreachable.clear());
afterAll(() => auth?.stop());

type Link = 'patientId' | 'practitionerId';
/** Which is also what the neighbour is called who knows them. */
const roleOf = { patientId: 'patient', practitionerId: 'practitioner' } as const;
const emailOf = () => `${randomUUID()}@practice.example`;
const count = async (table: string) => Number((await auth.sql.query(`select count(*) from ${table}`)).rows[0].count);
const stored = async () => [await count('user_account'), await count('one_time_code')];

/** Somebody who has registered and shown their mail. */
async function registered(): Promise<string> {
  const email = emailOf();
  const said = { familyName: 'Lefèvre', givenNames: ['Claire'], birthDate: '1980-01-31', email };
  expect((await auth.anybody('POST', '/api/auth/registrations', said)).status).toBe(202);
  const { code } = await mailOf(auth, email);
  expect((await auth.anybody('POST', '/api/auth/registrations/shown', { code, password: goodPassword })).status).toBe(
    204,
  );
  const { items } = (await auth.admin('GET', '/api/auth/registrations')).body;
  return items.find((item: { email: string }) => item.email === email).id;
}

/** The ways by which somebody says who a login is to be. */
const ways: [string, (link: Link, id: string) => Promise<Answer>][] = [
  [
    'a new user',
    (link, id) => {
      const body = { email: emailOf(), password: goodPassword, roles: [roleOf[link]], [link]: id };
      return auth.admin('POST', '/api/auth/users', body);
    },
  ],
  [
    'a user who is changed',
    async (link, id) => {
      const user = await buildUser(auth, { roles: ['secretary', roleOf[link]] });
      return auth.admin('PATCH', `/api/auth/users/${user.id}`, { [link]: id }, { 'if-match': '"v1"' });
    },
  ],
  [
    'an invitation',
    (link, id) => auth.admin('POST', '/api/auth/invitations', { channel: 'paper', roles: [roleOf[link]], [link]: id }),
  ],
];
const ofBoth = ways.flatMap(([way, link]) => [
  [`the patient of ${way}`, 'patientId', link] as const,
  [`the practitioner of ${way}`, 'practitionerId', link] as const,
]);

describe('whom a login is to be', () => {
  it.each(ofBoth)('is somebody whom the practice has: %s', async (_what, link, give) => {
    const id = randomUUID();
    auth.neighbours.unknown.add(id);
    const refused = await give(link, id);
    expect([refused.status, refused.body.code, refused.body.fields]).toEqual([
      422,
      'REQUEST.INVALID',
      [{ path: link, code: 'UNKNOWN', message: expect.stringMatching(/^is not a known/) }],
    ]);
    const before = await stored();
    expect((await give(link, randomUUID())).status).toBeLessThan(300);
    expect(await stored()).not.toEqual(before);
  });

  it.each(ofBoth)('is not taken on trust while nobody can say it: %s', async (_what, link, give) => {
    auth.neighbours.unreachable.add(roleOf[link]);
    const refused = await give(link, randomUUID());
    expect([refused.status, refused.body.code]).toEqual([503, 'NEIGHBOUR.UNAVAILABLE']);
    expect(refused.headers.get('retry-after')).toBe('5');
  });

  it('is, for who was merged, who they turned out to be', async () => {
    const [left, kept] = [randomUUID(), randomUUID()];
    auth.neighbours.merged.set(left, kept);
    const user = await buildUser(auth, { roles: ['patient'], patientId: left });
    expect(user.patientId).toBe(kept);
    const { email } = user;
    const { call } = await signIn(auth, email);
    expect((await call('GET', '/api/auth/me')).body.patientId).toBe(kept);
  });

  it('stays what it is without asking anybody, whatever else is changed', async () => {
    const links = { patientId: randomUUID(), practitionerId: randomUUID() };
    const user = await buildUser(auth, { roles: ['patient', 'practitioner'], ...links });
    auth.neighbours.unreachable.add('patient').add('practitioner');
    const path = `/api/auth/users/${user.id}`;
    const body = { ...links, roles: ['patient', 'practitioner', 'secretary'] };
    expect((await auth.admin('PATCH', path, body, { 'if-match': '"v1"' })).status).toBe(200);
    const unlinked = await auth.admin('PATCH', path, { patientId: null }, { 'if-match': '"v2"' });
    expect([unlinked.status, unlinked.body.practitionerId]).toEqual([200, links.practitionerId]);
    const asked = auth.neighbours.asked.length;
    const late = await auth.admin('PATCH', path, { patientId: randomUUID() }, { 'if-match': '"v1"' });
    const roleless = await auth.admin('POST', '/api/auth/users', {
      email: emailOf(),
      password: goodPassword,
      roles: ['secretary'],
      patientId: randomUUID(),
    });
    expect([late.status, roleless.status, auth.neighbours.asked.length]).toEqual([412, 422, asked]);
  });

  it('is, of who registered, a patient whom the practice has', async () => {
    const [id, patientId] = [await registered(), randomUUID()];
    const confirm = (as: string) => auth.admin('POST', `/api/auth/registrations/${id}/confirmation`, { patientId: as });
    auth.neighbours.unknown.add(patientId);
    const refused = await confirm(patientId);
    expect([refused.status, refused.body.fields[0]]).toEqual([
      422,
      expect.objectContaining({ path: 'patientId', code: 'UNKNOWN' }),
    ]);
    auth.neighbours.unreachable.add('patient');
    expect((await confirm(randomUUID())).status).toBe(503);
    auth.neighbours.unreachable.clear();
    expect((await confirm(randomUUID())).status).toBe(201);
  });
});
