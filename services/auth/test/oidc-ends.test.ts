import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createRemoteJWKSet, type JWTPayload, jwtVerify } from 'jose';
import * as client from 'openid-client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ask, issuer, letIn, refusalOf, startProvider, Tab, withToken } from './oidc.ts';
import { type Auth, buildUser, goodPassword, patientEvent, until } from './support.ts';

let auth: Auth;
/** What the lab was told of sign-outs, and how it answers. */
const told: string[] = [];
let status = 200;
const theLab = createServer(async (req, res) => {
  let body = '';
  for await (const part of req) body += part;
  if (status === 200) told.push(new URLSearchParams(body).get('logout_token') as string);
  res.writeHead(status).end();
});

beforeAll(async () => {
  await new Promise<void>((resolve) => void theLab.listen(0, '127.0.0.1', resolve));
  const { port } = theLab.address() as AddressInfo;
  auth = await startProvider({ backchannelLogoutUri: `http://127.0.0.1:${port}/signed-out` });
});
afterEach(() => {
  status = 200;
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

/** What the lab was told of a user. */
async function toldOf(userId: string): Promise<JWTPayload[]> {
  const keys = createRemoteJWKSet(new URL(`${auth.base}/.well-known/jwks.json`));
  const all = await Promise.all(
    told.map((token) => jwtVerify(token, keys, { issuer, audience: 'lab', typ: 'logout+jwt' })),
  );
  return all.map(({ payload }) => payload).filter(({ sub }) => sub === userId);
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

  it('leads nowhere else, and is not done by another site', async () => {
    const one = await letIn(auth, 'lab');
    const elsewhere = await signOut(one, { post_logout_redirect_uri: 'https://evil.example/' });
    expect([elsewhere.status, elsewhere.at.origin]).toEqual([400, new URL(issuer).origin]);
    const asks = await signOut(one);
    const forged = await confirm(one, asks.text.replace(/value="[^"]+"/, 'value="forged"'));
    expect(forged.status).toBe(400);
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
    status = 500;
    const { user, tokens } = await letIn(auth, 'lab');
    await auth.admin('DELETE', `/api/auth/users/${user.id}/sessions`);
    const waits = async () =>
      (await auth.sql.query('select from oidc_state where user_id = $1 and tell_after is not null', [user.id]))
        .rowCount;
    await until(async () => (await waits()) === 1);
    expect(await toldOf(user.id)).toEqual([]);
    status = 200;
    auth.clock.advanceBy(31_000);
    await until(async () => (await toldOf(user.id)).length > 0);
    expect((await toldOf(user.id)).map(({ sid }) => sid)).toEqual([tokens.claims()?.sid]);
    await until(async () => (await waits()) === 0);
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
