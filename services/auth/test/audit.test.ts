import { randomUUID } from 'node:crypto';
import { auditEvents } from '@cabinet/postgres/audit';
import { verifyChain } from '@cabinet/service/audit/verify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Authenticator } from '../../../tests/support/authenticator.ts';
import { auditKeysOf } from '../../../tests/support/service.ts';
import { type Auth, buildUser, goodPassword, signIn, startAuthForTest } from './support.ts';

let auth: Auth;

beforeAll(async () => {
  auth = await startAuthForTest();
});
afterAll(() => auth?.stop());

async function actionsOn(userId: string): Promise<string[]> {
  const { rows } = await auth.sql.query(
    'select action, outcome from audit_event where subjects @> array[$1] order by sequence',
    [userId],
  );
  return rows.map(({ action, outcome }) => `${action} ${outcome}`);
}

const v = (version: number) => ({ 'if-match': `"v${version}"` });

describe('the audit trail', () => {
  it('has every way in which an admin sees or changes a user, refusals included', async () => {
    const { id, email } = await buildUser(auth);
    const path = `/api/auth/users/${id}`;
    const somebody = await signIn(auth, (await buildUser(auth)).email);
    await auth.admin('GET', path);
    await somebody.call('GET', path);
    await auth.admin('GET', '/api/auth/users?limit=200');
    await auth.admin('PATCH', path, { active: false });
    await auth.admin('PATCH', path, { active: false }, v(7));
    await auth.admin('PATCH', path, { roles: ['secretary'], practitionerId: id }, v(1));
    await auth.admin('PATCH', path, { active: false }, v(1));
    expect(await actionsOn(id)).toEqual([
      'POST /api/auth/users 201',
      'GET /api/auth/users/:id 200',
      'GET /api/auth/users/:id 403',
      'GET /api/auth/users 200',
      'PATCH /api/auth/users/:id 428',
      'PATCH /api/auth/users/:id 412',
      'PATCH /api/auth/users/:id 422',
      'PATCH /api/auth/users/:id 200',
    ]);
    const { rows } = await auth.sql.query('select row_to_json(e)::text as event from audit_event e');
    const trail = rows.map(({ event }) => event).join('\n');
    expect(trail).not.toContain(email);
    expect(trail).not.toContain(goodPassword);
  });

  it('has what people do with their own account, under their own name', async () => {
    const { id, email } = await buildUser(auth);
    const { call } = await signIn(auth, email);
    await call('GET', '/api/auth/me');
    const change = { currentPassword: 'not the password of anybody', newPassword: 'a brown cow likes clover' };
    await call('POST', '/api/auth/password', change);
    await call('POST', '/api/auth/password', { ...change, currentPassword: goodPassword });
    expect(await actionsOn(id)).toEqual([
      'POST /api/auth/users 201',
      'POST /api/auth/login 200',
      'GET /api/auth/me 200',
      'POST /api/auth/password 422',
      'POST /api/auth/password 204',
    ]);
    const { rows } = await auth.sql.query('select distinct actor, roles from audit_event where action like $1', [
      '% /api/auth/me',
    ]);
    expect(rows).toEqual([{ actor: id, roles: ['secretary'] }]);
  });

  it('has who signed in, by what and from where, and no password that was wrong', async () => {
    const { id, email } = await buildUser(auth);
    const { call } = await signIn(auth, email);
    const key = new Authenticator();
    const { options } = (await call('POST', '/api/auth/passkeys/challenge')).body;
    await call('POST', '/api/auth/passkeys', { name: 'Phone', created: key.create(options) });
    const stranger = auth.anybody;
    await stranger('POST', '/api/auth/login', { email, password: 'not the password of anybody' });
    const asked = (await stranger('POST', '/api/auth/login/passkey/challenge')).body.options;
    expect((await stranger('POST', '/api/auth/login/passkey', { signed: key.sign(asked) })).status).toBe(200);
    const { rows } = await auth.sql.query(
      "select action, outcome, address, purpose from audit_event where subjects @> array[$1] and action like '%/login%' order by sequence",
      [id],
    );
    expect(rows).toEqual([
      // Why is not known of somebody who is nobody yet: no patient asked for it.
      { action: 'POST /api/auth/login', outcome: 200, address: expect.any(String), purpose: null },
      { action: 'POST /api/auth/login/passkey', outcome: 200, address: expect.any(String), purpose: null },
    ]);
  });

  it('tells patients who changed their login, or made a code for it: with that somebody could sign in as them', async () => {
    const patientId = randomUUID();
    const user = await buildUser(auth, { roles: ['patient'], patientId });
    const path = `/api/auth/users/${user.id}`;
    const secretary = await signIn(auth, (await buildUser(auth)).email);
    const { code } = (await secretary.call('POST', `${path}/codes`)).body;
    await auth.anybody('POST', '/api/auth/password/reset', { code, newPassword: 'a young brown mare' });
    await auth.admin('DELETE', `${path}/sessions`);
    await auth.admin('DELETE', `${path}/second-factors`);
    await auth.admin('PATCH', path, { roles: ['patient', 'secretary'] }, v(7));
    const { version } = (await auth.admin('GET', path)).body;
    await auth.admin('PATCH', path, { patientId: null, roles: ['secretary'] }, v(version));
    await auth.admin('PATCH', path, { patientId, roles: ['patient'] }, v(version + 1));
    const itself = await signIn(auth, user.email, 'a young brown mare');
    const seen = (await itself.call('GET', `/system/accesses/${patientId}`)).body.items;
    expect(seen.map(({ action, outcome }: { action: string; outcome: number }) => `${action} ${outcome}`)).toEqual([
      'PATCH /api/auth/users/:id 200',
      'PATCH /api/auth/users/:id 200',
      'GET /api/auth/users/:id 200',
      'PATCH /api/auth/users/:id 412',
      'DELETE /api/auth/users/:id/second-factors 204',
      'DELETE /api/auth/users/:id/sessions 204',
      'POST /api/auth/password/reset 204',
      'POST /api/auth/users/:id/codes 201',
      'POST /api/auth/users 201',
    ]);
  });

  it('has a change of factors noted with the change, whatever becomes of the answer', async () => {
    const { id, email } = await buildUser(auth);
    const { call } = await signIn(auth, email);
    const key = new Authenticator();
    const { options } = (await call('POST', '/api/auth/passkeys/challenge')).body;
    const kept = (await call('POST', '/api/auth/passkeys', { name: 'Phone', created: key.create(options) })).body;
    const more = (await call('POST', '/api/auth/passkeys/challenge')).body.options;
    await auth.sql.query(`
      create function refuse() returns trigger language plpgsql as $$ begin raise 'not today'; end $$;
      create trigger refuse before insert on audit_event for each row execute function refuse()`);
    const answers = [
      await call('POST', '/api/auth/passkeys', { name: 'Key', created: new Authenticator().create(more) }),
      await call('DELETE', `/api/auth/passkeys/${kept.id}`),
      await call('POST', '/api/auth/second-factors/totp'),
    ];
    await auth.sql.query('drop function refuse cascade');
    expect(answers.map(({ body }) => body.code)).toEqual(Array(3).fill('AUDIT.UNAVAILABLE'));
    const { rows } = await auth.sql.query(
      "select event ->> 'action' as action from audit_note where event ->> 'actor' = $1 order by id",
      [id],
    );
    expect(rows.map(({ action }) => action)).toEqual([
      'POST /api/auth/passkeys',
      'DELETE /api/auth/passkeys/:id',
      'POST /api/auth/second-factors/totp',
    ]);
  });

  it('is whole', async () => {
    const verdict = await verifyChain(
      auditEvents(async (sql) => (await auth.sql.query(sql)).rows),
      auditKeysOf('auth'),
    );
    expect(verdict).toMatchObject({ isWhole: true });
    expect(verdict.events).toBeGreaterThan(10);
  });

  it('holds the heads of other trails, each once, and tells them its own', async () => {
    const head = { sequence: 12, hash: 'ab'.repeat(32) };
    const tell = () => auth.sidecar('POST', '/api/auth/audit-heads', { head });
    const { status, body } = await tell();
    expect([status, body.head.hash.length]).toEqual([200, 64]);
    expect((await tell()).body).toEqual(body);
    const { rows } = await auth.sql.query('select actor, witnessed from audit_event where witnessed is not null');
    expect(rows).toEqual([{ actor: 'appointment', witnessed: `appointment 12 ${head.hash}` }]);
    expect((await auth.admin('POST', '/api/auth/audit-heads', { head })).status).toBe(403);
    expect((await auth.sidecar('POST', '/api/auth/audit-heads', { head: { sequence: 0, hash: '' } })).status).toBe(422);
  });
});
