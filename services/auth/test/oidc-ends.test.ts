import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createRemoteJWKSet, type JWTPayload, jwtVerify } from 'jose';
import * as client from 'openid-client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ask, exchange, issuer, letIn, practice, refusalOf, startProvider, Tab, withToken } from './oidc.ts';
import { type Auth, buildUser, goodPassword, patientEvent, until } from './support.ts';

let auth: Auth;
/** What clients were told of sign-outs, and how each answers. */
const told: { lab: string[]; reader: string[] } = { lab: [], reader: [] };
const status = { lab: 200, reader: 200 };
const theLab = createServer(async (req, res) => {
  const who = req.url === '/lab' ? 'lab' : 'reader';
  let body = '';
  for await (const part of req) body += part;
  if (status[who] === 200) told[who].push(new URLSearchParams(body).get('logout_token') as string);
  res.writeHead(status[who]).end();
});

beforeAll(async () => {
  await new Promise<void>((resolve) => void theLab.listen(0, '127.0.0.1', resolve));
  const { port } = theLab.address() as AddressInfo;
  const at = (who: string) => `http://127.0.0.1:${port}/${who}`;
  auth = await startProvider({ backchannelLogoutUri: at('lab'), readerIsToldAt: at('reader') });
});
afterEach(() => {
  Object.assign(status, { lab: 200, reader: 200 });
  auth.clock.set(new Date());
});
afterAll(async () => {
  await auth?.stop();
  theLab.close();
});

type LetIn = Awaited<ReturnType<typeof letIn>>;
const refreshed = ({ asked, tokens }: LetIn) =>
  client.refreshTokenGrant(asked.config, tokens.refresh_token as string).then(
    () => 'refreshed',
    (error) => error.error,
  );

/** What a client was told of a user. */
async function toldOf(userId: string, audience: 'lab' | 'reader' = 'lab'): Promise<JWTPayload[]> {
  const keys = createRemoteJWKSet(new URL(`${auth.base}/.well-known/jwks.json`));
  const all = await Promise.all(
    told[audience].map((token) => jwtVerify(token, keys, { issuer, audience, typ: 'logout+jwt' })),
  );
  return all.map(({ payload }) => payload).filter(({ sub }) => sub === userId);
}

/** Sessions of a user's browsers of which clients are still to be told. */
const waitingOf = async (userId: string) =>
  (await auth.sql.query("select from oidc_state where model = 'Session' and user_id = $1", [userId])).rowCount;

/** Another client that the user lets in in the same session. */
async function alsoLetIn({ tab }: LetIn, clientId: string): Promise<void> {
  const asked = await ask(auth, clientId);
  await exchange(asked, (await tab.answer((await tab.go(asked.url)).at, 'allow')).at);
}

type Way = (one: LetIn & { user: { id: string; email: string; patientId?: string } }) => Promise<unknown>;
const patch =
  (change: object): Way =>
  ({ user }) =>
    auth.admin('PATCH', `/api/auth/users/${user.id}`, change, { 'if-match': '*' });

describe('what a client was given', () => {
  it.each<[string, Way]>([
    ['signs out with the cookie', ({ tab }) => tab.json('POST', '/api/auth/logout')],
    ['is signed out by an admin', ({ user }) => auth.admin('DELETE', `/api/auth/users/${user.id}/sessions`)],
    ['signs in at the same browser again', ({ tab, user }) => tab.signIn(user.email)],
    [
      'changes the password elsewhere',
      async ({ user }) => {
        const other = await letIn(auth, 'portal', new Tab(auth), user);
        const change = { currentPassword: goodPassword, newPassword: 'a young brown mare' };
        await withToken(auth, other.tokens.access_token)('POST', '/api/auth/password', change);
      },
    ],
    ['is deactivated', patch({ active: false })],
    ['is erased', ({ user }) => auth.hear('patient', patientEvent('patient.erased', { patientId: user.patientId }))],
  ])('is good for nothing after its user %s', async (_what, end) => {
    const user = await buildUser(auth, { roles: ['patient'], patientId: randomUUID() });
    const one = await letIn(auth, 'portal', new Tab(auth), user);
    await end({ ...one, user });
    expect(await refreshed(one)).toBe('invalid_grant');
    expect((await withToken(auth, one.tokens.access_token)('GET', '/api/auth/me')).status).toBe(401);
  });

  it.each<[string, Way]>([
    ['has another role', patch({ roles: ['patient', 'secretary'] })],
    [
      'is merged into another patient',
      ({ user }) =>
        auth.hear(
          'patient',
          patientEvent('patient.merged', { patientId: user.patientId, mergedIntoPatientId: randomUUID() }),
        ),
    ],
  ])('opens what the rights of before did no longer when its user %s, and may be had anew', async (_what, change) => {
    const user = await buildUser(auth, { roles: ['patient'], patientId: randomUUID() });
    const one = await letIn(auth, 'portal', new Tab(auth), user);
    const ended = async () => (await auth.anybody('GET', '/.well-known/ended-access.json')).body.ended.length;
    const before = await ended();
    await change({ ...one, user });
    // What every process refuses tokens by, within two seconds; see sessions.test.ts.
    expect(await ended()).toBe(before + 1);
    expect(await refreshed(one)).toBe('refreshed');
  });

  it('waits while the session is locked, and somebody else at the screen has nothing of it', async () => {
    const one = await letIn(auth, 'portal');
    await withToken(auth, one.tokens.access_token)('POST', '/api/auth/lock');
    expect(await refreshed(one)).toBe('invalid_grant');
    const silent = await one.tab.go((await ask(auth, 'portal', { prompt: 'none' })).url);
    expect(silent.at.searchParams.get('error')).toBe('login_required');
    const next = await letIn(auth, 'portal', one.tab);
    expect(next.tokens.claims()?.sub).not.toBe(one.tokens.claims()?.sub);
  });

  it('is taken back by the client, which leaves the session to its user', async () => {
    const { asked, tokens, tab } = await letIn(auth, 'lab');
    await client.tokenRevocation(asked.config, tokens.refresh_token as string);
    expect(await refusalOf(client.refreshTokenGrant(asked.config, tokens.refresh_token as string))).toBe(
      'invalid_grant',
    );
    expect((await tab.json('POST', '/api/auth/refresh')).status).toBe(200);
  });

  it('is not taken back by another client', async () => {
    const one = await letIn(auth, 'portal');
    const { asked } = await letIn(auth, 'lab');
    await client.tokenRevocation(asked.config, one.tokens.refresh_token as string).catch(() => undefined);
    expect(await refreshed(one)).toBe('refreshed');
  });
});

describe('signing out by a client', () => {
  const signOut = async ({ tab, asked, tokens }: LetIn, more: Record<string, string> = {}) =>
    tab.go(
      client.buildEndSessionUrl(asked.config, {
        id_token_hint: tokens.id_token as string,
        post_logout_redirect_uri: 'https://lab.example/',
        state: 'AbC',
        ...more,
      }),
    );

  const confirm = ({ tab }: LetIn, text: string, more = '&logout=yes') => {
    const [, action = ''] = /action="([^"]+)"/.exec(text) ?? [];
    const [, xsrf = ''] = /name="xsrf" value="([^"]+)"/.exec(text) ?? [];
    const type = { 'content-type': 'application/x-www-form-urlencoded' };
    return tab.ask('POST', action, `xsrf=${xsrf}${more}`, type);
  };

  it('asks first, then ends the session everywhere, tells the client and leads back', async () => {
    const one = await letIn(auth, 'lab');
    const asks = await signOut(one);
    expect(asks.headers.get('content-security-policy')).toContain("form-action 'self' https://lab.example");
    expect((await one.tab.json('POST', '/api/auth/refresh')).status).toBe(200);
    const out = await confirm(one, asks.text);
    expect([out.status, out.location]).toEqual([303, 'https://lab.example/?state=AbC']);
    expect((await one.tab.json('POST', '/api/auth/refresh')).status).toBe(401);
    expect(await refreshed(one)).toBe('invalid_grant');
    expect((await withToken(auth, one.tokens.access_token)('GET', '/api/auth/me')).status).toBe(401);
    expect(await toldOf(one.user.id)).toEqual([
      expect.objectContaining({
        sid: one.tokens.claims()?.sid,
        events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
      }),
    ]);
  });

  it('is told to a client that could not be reached as soon as it can be, and to the others once', async () => {
    const one = await letIn(auth, 'lab');
    await alsoLetIn(one, 'reader');
    status.lab = 500;
    await confirm(one, (await signOut(one)).text);
    expect((await one.tab.json('POST', '/api/auth/refresh')).status).toBe(401);
    expect([await toldOf(one.user.id), await toldOf(one.user.id, 'reader')]).toEqual([[], [expect.anything()]]);
    status.lab = 200;
    auth.clock.advanceBy(31_000);
    await until(async () => (await toldOf(one.user.id)).length > 0);
    expect((await toldOf(one.user.id)).map(({ sid }) => sid)).toEqual([one.tokens.claims()?.sid]);
    await until(async () => (await waitingOf(one.user.id)) === 0);
    expect(await toldOf(one.user.id, 'reader')).toHaveLength(1);
  });

  it('leads nowhere else, and is not done by another site', async () => {
    const one = await letIn(auth, 'lab');
    const elsewhere = await signOut(one, { post_logout_redirect_uri: 'https://evil.example/' });
    expect([elsewhere.status, elsewhere.at.origin]).toEqual([400, new URL(issuer).origin]);
    const asks = await signOut(one);
    const forged = await confirm(one, asks.text.replace(/value="[^"]+"/, 'value="forged"'));
    expect(forged.status).toBe(400);
    expect((await one.tab.json('POST', '/api/auth/refresh')).status).toBe(200);
  });

  it.each([0, 20])(
    'is done without a question for our own portal with what it was given in this session, %i minutes old',
    async (minutes) => {
      const one = await letIn(auth, 'portal');
      auth.clock.advanceBy(minutes * 60_000);
      const shown = await signOut(one, { post_logout_redirect_uri: `${practice}/` });
      expect(shown.text).toContain('sign-out.js');
      expect(shown.text).not.toContain('Stay signed in');
      expect(shown.headers.get('content-security-policy')).toContain("script-src 'self'");
      const out = await confirm(one, shown.text);
      expect([out.status, out.location]).toEqual([303, `${practice}/?state=AbC`]);
      expect((await one.tab.json('POST', '/api/auth/refresh')).status).toBe(401);
      expect(await refreshed(one)).toBe('invalid_grant');
    },
  );

  it('leads back at once when the session has ended already', async () => {
    const one = await letIn(auth, 'portal');
    expect((await one.tab.json('POST', '/api/auth/logout/issuer')).status).toBe(200);
    const shown = await signOut(one, { post_logout_redirect_uri: `${practice}/` });
    expect(shown.headers.get('content-security-policy')).toContain("script-src 'self'");
    expect(shown.text).toContain('sign-out.js');
    const out = await confirm(one, shown.text);
    expect([out.status, out.location]).toEqual([303, `${practice}/?state=AbC`]);
  });

  it('asks for our own portal as well when what it shows is of another session, of nobody, or forged', async () => {
    const user = await buildUser(auth);
    const [one, other] = [
      await letIn(auth, 'portal', new Tab(auth), user),
      await letIn(auth, 'portal', new Tab(auth), user),
    ];
    const home = { post_logout_redirect_uri: `${practice}/` };
    const ofOther = await signOut({ ...one, tokens: other.tokens }, home);
    expect(ofOther.text).toContain('Stay signed in');
    expect(ofOther.text).not.toContain('sign-out.js');
    const unsaid = await one.tab.go(new URL(`${issuer}/session/end?client_id=portal`));
    expect(unsaid.text).toContain('Stay signed in');
    const [head, , signature] = (one.tokens.id_token as string).split('.');
    const claims = Buffer.from(JSON.stringify(one.tokens.claims())).toString('base64url');
    const forged = `${head}.${claims}.${[...(signature as string)].reverse().join('')}`;
    expect((await signOut({ ...one, tokens: { ...one.tokens, id_token: forged } as never }, home)).status).toBe(400);
    expect((await one.tab.json('POST', '/api/auth/refresh')).status).toBe(200);
  });

  it('may be thought better of', async () => {
    const one = await letIn(auth, 'lab');
    await confirm(one, (await signOut(one)).text, '');
    expect((await one.tab.json('POST', '/api/auth/refresh')).status).toBe(200);
  });
});

describe('a client that wants to know', () => {
  it('is told of a session that ended otherwise, once it can be reached', async () => {
    status.lab = 500;
    const { user, tokens } = await letIn(auth, 'lab');
    await auth.admin('DELETE', `/api/auth/users/${user.id}/sessions`);
    const waits = async () =>
      (await auth.sql.query('select from oidc_state where user_id = $1 and tell_after is not null', [user.id]))
        .rowCount;
    await until(async () => (await waits()) === 1);
    expect(await toldOf(user.id)).toEqual([]);
    status.lab = 200;
    auth.clock.advanceBy(31_000);
    await until(async () => (await toldOf(user.id)).length > 0);
    expect((await toldOf(user.id)).map(({ sid }) => sid)).toEqual([tokens.claims()?.sid]);
    await until(async () => (await waits()) === 0);
  });

  it('is told whether or not another one of the same session can be, and once', async () => {
    const one = await letIn(auth, 'lab');
    const { user } = one;
    await alsoLetIn(one, 'reader');
    status.lab = 500;
    await auth.admin('DELETE', `/api/auth/users/${user.id}/sessions`);
    await until(async () => (await toldOf(user.id, 'reader')).length === 1);
    status.lab = 200;
    auth.clock.advanceBy(31_000);
    await until(async () => (await toldOf(user.id)).length === 1);
    await until(async () => (await waitingOf(user.id)) === 0);
    expect(await toldOf(user.id, 'reader')).toHaveLength(1);
  });

  it('is told of a session that has ended by silence', async () => {
    const { user, tokens } = await letIn(auth, 'lab');
    auth.clock.advanceBy(12 * 3_600_000 + 1_000);
    await until(async () => (await toldOf(user.id)).length > 0);
    expect((await toldOf(user.id)).map(({ sid }) => sid)).toEqual([tokens.claims()?.sid]);
  });

  it('is told however many others cannot be', async () => {
    // They are always due, as those are that wait for a client that is away for long.
    await auth.sql.query(`
      create function stays_due() returns trigger language plpgsql as $$
        begin new.tell_after = old.tell_after; return new; end $$;
      create trigger stays_due before update of tell_after on oidc_state for each row
        when (old.id like 'away %') execute function stays_due();
      insert into oidc_state (model, id, sealed, session_id, expires_at, tell_after)
        select 'Session', 'away ' || n, repeat('away ', 40)::bytea, gen_random_uuid(), 'infinity', '2000-01-01' from generate_series(1, 60) n`);
    try {
      const { user } = await letIn(auth, 'lab');
      await auth.admin('DELETE', `/api/auth/users/${user.id}/sessions`);
      await until(async () => (await toldOf(user.id)).length === 1);
    } finally {
      await auth.sql.query("delete from oidc_state where id like 'away %'; drop function stays_due cascade");
    }
  });
});

describe('what somebody asks who is not signed in', () => {
  it('is forgotten after minutes', async () => {
    const tab = new Tab(auth);
    await tab.go(new URL(`${issuer}/session/end`));
    await tab.go((await ask(auth, 'lab')).url);
    const { rows } = await auth.sql.query(
      `select model, round(extract(epoch from expires_at - $1::timestamptz) / 60)::int as minutes
       from oidc_state where session_id is null and model in ('Session', 'Interaction') order by model`,
      [auth.clock.now()],
    );
    expect(rows.length).toBeGreaterThan(1);
    for (const { model, minutes } of rows) expect([model, minutes <= 10]).toEqual([model, true]);
  });
});

describe('who has to add a second factor', () => {
  it('may do so from our own portal, and is not shown to other clients until then', async () => {
    const strict = await startProvider({}, { SECOND_FACTOR_ROLES: ['secretary'] });
    try {
      const user = await buildUser(strict).catch(() => undefined);
      expect(user).toBeDefined();
      const own = await letIn(strict, 'portal', new Tab(strict), user);
      expect((await withToken(strict, own.tokens.access_token)('GET', '/api/auth/me')).status).toBe(200);
      expect((await withToken(strict, own.tokens.access_token)('GET', '/api/auth/sessions')).status).toBe(403);
      const shown = await own.tab.go((await ask(strict, 'lab')).url);
      for (const answer of ['sign-in', 'allow']) {
        const refused = await own.tab.json('POST', shown.at.pathname, { answer });
        expect([answer, refused.status]).toEqual([answer, answer === 'sign-in' ? 401 : 404]);
      }
      const silent = await own.tab.go((await ask(strict, 'lab', { prompt: 'none' })).url);
      expect(silent.at.searchParams.get('error')).toBe('login_required');
      const tab = new Tab(strict);
      const page = await tab.go((await ask(strict, 'lab')).url);
      await tab.signIn(user?.email as string);
      const answered = await tab.json('POST', page.at.pathname, { answer: 'sign-in' });
      expect([answered.status, answered.body.code]).toEqual([401, 'AUTH.SECOND_FACTOR_NEEDED']);
    } finally {
      await strict.stop();
    }
  });
});
