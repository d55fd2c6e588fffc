import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { caller } from '../../../tests/support/http.ts';
import { type Auth, buildUser, demonstrationPassword, goodPassword, signIn, startAuthForTest } from './support.ts';

let auth: Auth;
let began: Date;

beforeAll(async () => {
  auth = await startAuthForTest();
  began = auth.clock.now();
});
afterEach(() => auth.clock.set(began));
afterAll(() => auth?.stop());

let addresses = 0;
/** Somebody at an address nobody else in these tests has. */
const stranger = () => {
  addresses += 1;
  return caller(auth.base, { 'x-forwarded-for': `198.51.100.${addresses}` });
};
const somebody = async (roles: string[]) => {
  const user = await buildUser(auth, { roles });
  return { user, call: (await signIn(auth, user.email)).call };
};
const invite = async (call: Auth['anybody'], wanted: object) =>
  (await call('POST', '/api/auth/invitations', { channel: 'paper', ...wanted })).body;
const accept = (code: string, email = `${randomUUID()}@practice.example`, call = stranger()) =>
  call('POST', '/api/auth/invitations/accept', { code, email, password: goodPassword });
const change = (userId: string, body: object) =>
  auth.admin('PATCH', `/api/auth/users/${userId}`, body, { 'if-match': '*' });

describe('what somebody has made for others', () => {
  it.each<[string, object]>([
    ['is deactivated', { active: false }],
    ['loses the role', { roles: ['patient'] }],
  ])('is good for nothing when its maker %s', async (_what, changed) => {
    const maker = await somebody(['secretary', 'patient']);
    const helped = await buildUser(auth, { roles: ['patient'] });
    const { code } = await invite(maker.call, { roles: ['patient'] });
    const printed = (await maker.call('POST', `/api/auth/users/${helped.id}/codes`)).body.code;
    const other = await invite(auth.admin, { roles: ['patient'] });
    expect((await change(maker.user.id, changed)).status).toBe(200);
    expect((await accept(code)).body.code).toBe('AUTH.NO_SUCH_CODE');
    const reset = { code: printed, newPassword: 'a young brown mare' };
    expect((await stranger()('POST', '/api/auth/password/reset', reset)).body.code).toBe('AUTH.NO_SUCH_CODE');
    expect((await accept(other.code)).status).toBe(204);
  });
});

describe('what was made in a session that somebody else may have had', () => {
  it.each<[string, (maker: Awaited<ReturnType<typeof somebody>>) => Promise<{ status: number }>]>([
    [
      'changes the password',
      ({ call }) =>
        call('POST', '/api/auth/password', { currentPassword: goodPassword, newPassword: 'a young brown mare' }),
    ],
    [
      'sets the password anew',
      async ({ user }) => {
        const { code } = (await auth.admin('POST', `/api/auth/users/${user.id}/codes`)).body;
        return stranger()('POST', '/api/auth/password/reset', { code, newPassword: 'a young brown mare' });
      },
    ],
    ['signs out everywhere else', ({ call }) => call('DELETE', '/api/auth/sessions')],
    ['is signed out everywhere by an admin', ({ user }) => auth.admin('DELETE', `/api/auth/users/${user.id}/sessions`)],
    ['has all factors taken', ({ user }) => auth.admin('DELETE', `/api/auth/users/${user.id}/second-factors`)],
  ])('is good for nothing when its maker %s', async (_what, happens) => {
    const maker = await somebody(['admin']);
    const helped = await buildUser(auth);
    const { code } = await invite(maker.call, { roles: ['admin'] });
    const printed = (await maker.call('POST', `/api/auth/users/${helped.id}/codes`)).body.code;
    expect((await happens(maker)).status).toBeLessThan(300);
    expect((await accept(code)).body.code).toBe('AUTH.NO_SUCH_CODE');
    const reset = { code: printed, newPassword: 'a young brown mare' };
    expect((await stranger()('POST', '/api/auth/password/reset', reset)).body.code).toBe('AUTH.NO_SUCH_CODE');
  });

  it('stays when its maker signs out', async () => {
    const maker = await buildUser(auth);
    const { call, cookie } = await signIn(auth, maker.email);
    const { code } = await invite(call, { roles: ['patient'] });
    expect((await stranger()('POST', '/api/auth/logout', undefined, { cookie })).status).toBe(204);
    expect((await accept(code)).status).toBe(204);
  });
});

describe('the audit trail', () => {
  it('has who invited whom to be what is no patient, and who became of it', async () => {
    const maker = await somebody(['admin']);
    const { id, code } = await invite(maker.call, { roles: ['admin'] });
    const email = `${randomUUID()}@practice.example`;
    expect((await accept(code, email)).status).toBe(204);
    const { rows: made } = await auth.sql.query('select id from user_account where email = $1', [email]);
    const { rows } = await auth.sql.query(
      'select action, outcome, actor, subjects from audit_event where subjects @> array[$1] order by sequence',
      [id],
    );
    expect(rows).toEqual([
      {
        action: 'POST /api/auth/invitations',
        outcome: 201,
        actor: maker.user.id,
        subjects: [id, maker.user.id].sort(),
      },
      {
        action: 'POST /api/auth/invitations/accept',
        outcome: 204,
        actor: 'anonymous',
        subjects: [id, made[0].id].sort(),
      },
    ]);
  });
});

describe('an invitation that names no address', () => {
  it('finds out addresses that somebody has no better than wrong codes do', async () => {
    const { code } = await invite(auth.admin, { roles: ['patient'] });
    const { email } = await buildUser(auth);
    const guesser = stranger();
    for (let i = 0; i < 30; i += 1) expect((await accept(code, email, guesser)).body.code).toBe('AUTH.EMAIL_TAKEN');
    expect((await accept(code, email, guesser)).status).toBe(429);
    expect((await accept(code)).status).toBe(204);
  });
});

describe('open invitations', () => {
  const list = async (call: Auth['anybody']) => {
    const answer = await call('GET', '/api/auth/invitations?limit=200');
    expect(answer.status).toBe(200);
    return answer.body.items as { id: string }[];
  };
  const idsOf = async (call: Auth['anybody']) => (await list(call)).map(({ id }) => id);

  it('are listed without their codes until they are accepted or have run out', async () => {
    const maker = await somebody(['secretary']);
    const patientId = randomUUID();
    const email = `${randomUUID()}@practice.example`;
    const { id, expiresAt } = await invite(maker.call, { roles: ['patient'], patientId, email });
    const another = await invite(maker.call, { roles: ['patient'] });
    const ours = (await list(auth.admin)).filter((each) => [id, another.id].includes(each.id));
    const made = { channel: 'paper', roles: ['patient'], madeBy: maker.user.id, createdAt: began.toISOString() };
    expect(ours).toEqual([
      { ...made, id, email, patientId, expiresAt },
      { ...made, id: another.id, expiresAt },
    ]);
    expect((await accept(another.code)).status).toBe(204);
    expect(await idsOf(auth.admin)).not.toContain(another.id);
    auth.clock.set(new Date(expiresAt));
    const later = await signIn(auth, 'admin@cabinet.test', demonstrationPassword);
    expect(await idsOf(later.call)).not.toContain(id);
  });

  it('are listed page by page, each once', async () => {
    for (let i = 0; i < 3; i += 1) await invite(auth.admin, { roles: ['patient'] });
    const found: string[] = [];
    let next = '/api/auth/invitations?limit=2';
    while (next) {
      const { body } = await auth.admin('GET', next);
      found.push(...body.items.map(({ id }: { id: string }) => id));
      next = body.nextCursor && `/api/auth/invitations?limit=2&cursor=${encodeURIComponent(body.nextCursor)}`;
    }
    expect(found).toEqual(await idsOf(auth.admin));
    expect(new Set(found).size).toBe(found.length);
  });

  it('are good for nothing once withdrawn', async () => {
    const { id, code } = await invite(auth.admin, { roles: ['admin'] });
    expect((await auth.admin('DELETE', `/api/auth/invitations/${id}`)).status).toBe(204);
    expect((await accept(code)).body.code).toBe('AUTH.NO_SUCH_CODE');
    const again = await auth.admin('DELETE', `/api/auth/invitations/${id}`);
    expect(again.status).toBe(404);
    expect(again.body.code).toBe('AUTH.NO_SUCH_INVITATION');
    const { rows } = await auth.sql.query(
      "select outcome from audit_event where action = 'DELETE /api/auth/invitations/:id' and subjects @> array[$1] order by sequence",
      [id],
    );
    expect(rows).toEqual([{ outcome: 204 }, { outcome: 404 }]);
  });

  it('are seen and withdrawn by a secretary where they are of patients alone', async () => {
    const { call } = await somebody(['secretary']);
    const ofPatient = await invite(auth.admin, { roles: ['patient'] });
    const ofStaff = [
      await invite(auth.admin, { roles: ['admin'] }),
      await invite(auth.admin, { roles: ['patient', 'secretary'] }),
    ];
    const seen = await idsOf(call);
    expect(seen).toContain(ofPatient.id);
    for (const { id, code } of ofStaff) {
      expect(seen).not.toContain(id);
      expect((await call('DELETE', `/api/auth/invitations/${id}`)).body.code).toBe('AUTH.NO_SUCH_INVITATION');
      expect((await accept(code)).status).toBe(204);
    }
    expect((await call('DELETE', `/api/auth/invitations/${ofPatient.id}`)).status).toBe(204);
  });

  it('leave no code to reset a password to be withdrawn as one', async () => {
    const user = await buildUser(auth, { roles: ['patient'] });
    expect((await auth.admin('POST', `/api/auth/users/${user.id}/codes`)).status).toBe(201);
    const { rows } = await auth.sql.query('select id from one_time_code where user_id = $1', [user.id]);
    expect((await auth.admin('DELETE', `/api/auth/invitations/${rows[0].id}`)).status).toBe(404);
  });
});

describe('invitations by mail to one address', () => {
  it('are five, then one an hour, whoever sends them and whoever has it', async () => {
    const known = await buildUser(auth, { roles: ['patient'] });
    const desk = await somebody(['secretary']);
    for (const email of [known.email, `${randomUUID()}@nobody.example`]) {
      const mail = (call: Auth['anybody'], to = email) =>
        call('POST', '/api/auth/invitations', { channel: 'mail', roles: ['patient'], email: to });
      const sent = await Promise.all(Array.from({ length: 8 }, (_, nth) => mail(nth % 2 ? desk.call : auth.admin)));
      expect(sent.map(({ status }) => status).sort()).toEqual([...Array(5).fill(201), ...Array(3).fill(429)]);
      const more = await mail(auth.admin, email.toUpperCase());
      expect([more.status, more.body.code, more.headers.get('retry-after')]).toEqual([
        429,
        'AUTH.TOO_MANY_INVITATIONS',
        '3600',
      ]);
      expect((await mail(desk.call, `other-${email}`)).status).toBe(201);
      expect((await invite(desk.call, { roles: ['patient'], email })).code).toBeDefined();
      auth.clock.advanceBy(3_600_000);
      const { call } = await signIn(auth, desk.user.email);
      const later = [(await mail(call)).status, (await mail(call)).status];
      expect(later).toEqual([201, 429]);
      auth.clock.set(began);
    }
  });
});
