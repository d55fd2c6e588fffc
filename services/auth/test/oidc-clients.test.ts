import { decodeJwt, decodeProtectedHeader } from 'jose';
import * as client from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  ask,
  discover,
  exchange,
  issuer,
  lab,
  letIn,
  portal,
  refusalOf,
  startProvider,
  Tab,
  withToken,
} from './oidc.ts';
import { type Auth, buildUser, goodPassword, until } from './support.ts';

let auth: Auth;

beforeAll(async () => {
  auth = await startProvider();
});
afterAll(() => auth?.stop());

describe('discovery', () => {
  it('says what the provider can do, under the address of the practice whatever the request says', async () => {
    const path = '/api/oidc/.well-known/openid-configuration';
    const told = (
      await auth.anybody('GET', path, undefined, { host: 'evil.example', 'x-forwarded-host': 'evil.example' })
    ).body;
    expect(told).toMatchObject({
      issuer,
      authorization_endpoint: `${issuer}/auth`,
      token_endpoint: `${issuer}/token`,
      end_session_endpoint: `${issuer}/session/end`,
      response_types_supported: ['code'],
      code_challenge_methods_supported: ['S256'],
      id_token_signing_alg_values_supported: ['ES256'],
      token_endpoint_auth_methods_supported: ['none', 'private_key_jwt'],
      authorization_response_iss_parameter_supported: true,
      backchannel_logout_supported: true,
    });
    expect(JSON.stringify(told)).not.toMatch(/evil|HS256|RS256|"plain"|registration|device|userinfo/);
  });

  it('leads to the keys that access tokens are signed with', async () => {
    const keys = (await auth.anybody('GET', '/api/oidc/jwks')).body.keys;
    expect(keys).toEqual((await auth.anybody('GET', '/.well-known/jwks.json')).body.keys);
  });
});

describe('our own portal', () => {
  it('is told of who has signed in, and asks nobody for consent', async () => {
    const { user, at, tokens } = await letIn(auth, 'portal');
    expect(at.origin + at.pathname).toBe(portal);
    expect(tokens.claims()).toMatchObject({ iss: issuer, aud: 'portal', sub: user.id, email: user.email });
    expect(decodeProtectedHeader(tokens.id_token as string).alg).toBe('ES256');
  });

  it('has access tokens that say what those of POST /api/auth/login say, and are taken as these', async () => {
    const { user, tokens, tab } = await letIn(auth, 'portal');
    const given = (await tab.json('POST', '/api/auth/refresh')).body.accessToken;
    const { client_id, scope, jti, iat, exp, ...said } = decodeJwt(tokens.access_token);
    const { jti: _jti, iat: _iat, exp: _exp, ...wanted } = decodeJwt(given);
    expect(said).toEqual(wanted);
    expect([client_id, scope, (exp ?? 0) - (iat ?? 0)]).toEqual(['portal', 'cabinet', 600]);
    expect(decodeProtectedHeader(tokens.access_token)).toEqual(decodeProtectedHeader(given));
    expect((await withToken(auth, tokens.access_token)('GET', '/api/auth/me')).body.id).toBe(user.id);
  });

  it('is led on without a page while somebody is signed in at the browser', async () => {
    const { tab } = await letIn(auth, 'portal');
    const again = await ask(auth, 'portal', { prompt: 'none' });
    const { at } = await tab.go(again.url);
    expect((await exchange(again, at)).access_token).toBeDefined();
  });

  it('may be told of a session that was opened without it', async () => {
    const tab = new Tab(auth);
    await tab.signIn((await buildUser(auth)).email);
    const asked = await ask(auth, 'portal');
    const { at } = await tab.answer((await tab.go(asked.url)).at, 'sign-in');
    expect((await exchange(asked, at)).access_token).toBeDefined();
  });

  it('goes on by itself where somebody is signed in already, and where nobody is that is no refusal', async () => {
    const tab = new Tab(auth);
    const asked = await ask(auth, 'portal');
    const page = await tab.go(asked.url);
    const goOn = () => tab.json('POST', page.at.pathname, { answer: 'go-on' });
    const nobody = await goOn();
    expect([nobody.status, nobody.body]).toEqual([200, {}]);
    await tab.signIn((await buildUser(auth)).email);
    const { status, body } = await goOn();
    expect(status).toBe(200);
    const { at } = await tab.go(body.continueAt);
    expect((await exchange(asked, at)).access_token).toBeDefined();
    // It was answered: nothing is there to go on with.
    expect((await goOn()).status).toBe(404);
  });

  it('gets the next refresh token with each, and the rights as they are then', async () => {
    const { user, tokens, asked } = await letIn(auth, 'portal');
    await auth.admin('PATCH', `/api/auth/users/${user.id}`, { roles: ['secretary', 'admin'] }, { 'if-match': '*' });
    const next = await client.refreshTokenGrant(asked.config, tokens.refresh_token as string);
    expect(next.refresh_token).not.toBe(tokens.refresh_token);
    expect(decodeJwt(next.access_token)).toMatchObject({ sub: user.id, roles: ['secretary', 'admin'] });
    expect((await withToken(auth, next.access_token)('GET', '/api/auth/me')).status).toBe(200);
  });

  it('is in use for the session: it goes on for as long as tokens are had in it', async () => {
    const { tokens, asked, tab } = await letIn(auth, 'portal');
    auth.clock.advanceBy(11 * 3_600_000);
    const next = await client.refreshTokenGrant(asked.config, tokens.refresh_token as string);
    auth.clock.advanceBy(11 * 3_600_000);
    expect((await client.refreshTokenGrant(asked.config, next.refresh_token as string)).access_token).toBeDefined();
    expect((await tab.json('POST', '/api/auth/refresh')).status).toBe(200);
    auth.clock.set(new Date());
  });
});

describe('another client', () => {
  it('is allowed by its user what it asks, for as long as the session goes on', async () => {
    const { tab, tokens, user } = await letIn(auth, 'lab');
    expect(tokens.claims()).toMatchObject({ aud: 'lab', sub: user.id, email: user.email });
    expect((await withToken(auth, tokens.access_token)('GET', '/api/auth/me')).body.id).toBe(user.id);
    const again = await ask(auth, 'lab');
    expect((await tab.go(again.url)).at.searchParams.get('code')).toBeTruthy();
  });

  it('that may act in a name gives itself no way in that outlives the sign-in', async () => {
    const { tokens, user, tab } = await letIn(auth, 'lab', new Tab(auth), await buildUser(auth, { roles: ['admin'] }));
    const call = withToken(auth, tokens.access_token);
    const email = 'client@lab.example';
    const asked: [method: string, path: string, body?: object][] = [
      ['POST', '/passkeys/challenge'],
      ['POST', '/second-factors/totp'],
      ['POST', '/second-factors/totp/confirm', { code: '123456' }],
      ['POST', '/second-factors/recovery-codes'],
      ['DELETE', '/second-factors/totp'],
      ['POST', '/lock'],
      ['DELETE', '/sessions'],
      ['POST', '/password', { currentPassword: goodPassword, newPassword: 'a young brown mare' }],
      ['POST', '/users', { email, password: goodPassword, roles: ['admin'] }],
      ['POST', '/invitations', { channel: 'paper', roles: ['admin'] }],
      ['POST', `/users/${user.id}/codes`],
      ['DELETE', `/users/${user.id}/second-factors`],
    ];
    for (const [method, path, body] of asked) {
      const answer = await call(method, `/api/auth${path}`, body);
      expect([method, path, answer.status, answer.body.code]).toEqual([method, path, 403, 'ACCESS.CLIENT_NOT_ALLOWED']);
    }
    expect((await call('GET', '/api/auth/sessions')).status).toBe(200);
    const own = await ask(auth, 'portal');
    const ourselves = await exchange(own, (await tab.go(own.url)).at);
    const begun = await withToken(auth, ourselves.access_token)('POST', '/api/auth/passkeys/challenge');
    expect(begun.status).toBe(200);
  });

  it('has its name shown as a text, on a page that nothing else can use', async () => {
    const tab = new Tab(auth);
    const { text, headers } = await tab.go((await ask(auth, 'lab')).url);
    expect(text).toContain('Lab &lt;b&gt;portal');
    expect(headers.get('content-security-policy')).toMatch(/default-src 'none'.*frame-ancestors 'none'/);
    expect(headers.get('cache-control')).toBe('no-store');
  });

  it('is told that its user has refused, at its own address and by us', async () => {
    const tab = new Tab(auth);
    const asked = await ask(auth, 'lab');
    const page = await tab.go(asked.url);
    await tab.signIn((await buildUser(auth)).email);
    const consent = await tab.answer(page.at, 'sign-in');
    expect(consent.text).toMatch(/everything that you may see and do/);
    const { at } = await tab.answer(consent.at, 'refuse');
    expect(at.origin + at.pathname).toBe(lab);
    expect(Object.fromEntries(at.searchParams)).toMatchObject({
      error: 'access_denied',
      iss: issuer,
      state: asked.checks.expectedState,
    });
  });

  it('that may only know its user gets no token that our services take, however it asks', async () => {
    const { tokens } = await letIn(auth, 'reader');
    expect(tokens.claims()?.email).toBeUndefined();
    expect((await withToken(auth, tokens.access_token)('GET', '/api/auth/me')).status).toBe(401);
    const tab = new Tab(auth);
    const errorOf = async (more: Record<string, string>) =>
      (await tab.go((await ask(auth, 'reader', more)).url)).at.searchParams.get('error');
    expect(await errorOf({ scope: 'openid email' })).toBe('invalid_scope');
    expect(await errorOf({ resource: 'urn:cabinet:api' })).toBe('invalid_target');
    const wider = await ask(auth, 'reader', { scope: 'openid cabinet' });
    const page = await tab.go(wider.url);
    await tab.signIn((await buildUser(auth)).email);
    const consent = await tab.answer(page.at, 'sign-in');
    expect(consent.text).not.toMatch(/act here in your name/);
    const { access_token } = await exchange(wider, (await tab.answer(consent.at, 'allow')).at);
    expect((await withToken(auth, access_token)('GET', '/api/auth/me')).status).toBe(401);
  });

  it('gets no token for our services from a grant in which it may act when it asks for less with it', async () => {
    const { asked, tokens } = await letIn(auth, 'lab');
    const narrowed = client.refreshTokenGrant(asked.config, tokens.refresh_token as string, { scope: 'openid' });
    expect(await refusalOf(narrowed)).toBe('invalid_target');
  });

  it('knows by prompt=none that nobody is signed in, and by prompt=login that somebody signs in anew', async () => {
    const user = await buildUser(auth);
    const tab = new Tab(auth);
    const silent = await tab.go((await ask(auth, 'lab', { prompt: 'none' })).url);
    expect(silent.at.searchParams.get('error')).toBe('login_required');
    await letIn(auth, 'lab', tab, user);
    // `auth_time` has seconds: a new sign-in shows only in the next one.
    const second = () => Math.floor(Date.now() / 1_000);
    const before = second();
    await until(() => second() > before);
    const asked = await ask(auth, 'lab', { prompt: 'login' });
    const page = await tab.go(asked.url);
    const refused = await tab.json('POST', page.at.pathname, { answer: 'sign-in' });
    expect([refused.status, refused.body.code]).toEqual([401, 'AUTH.SIGN_IN_NEEDED']);
    await tab.signIn(user.email);
    const consent = await tab.answer(page.at, 'sign-in');
    const { at } = await tab.answer(consent.at, 'allow');
    expect((await exchange(asked, at)).claims()?.sub).toBe(user.id);
  });

  it('may serve a user by a hint at who it is, and nobody else', async () => {
    const { tab, tokens } = await letIn(auth, 'lab');
    const same = await tab.go(
      (await ask(auth, 'lab', { id_token_hint: tokens.id_token as string, prompt: 'none' })).url,
    );
    expect(same.at.searchParams.get('code')).toBeTruthy();
    const { tab: other } = await letIn(auth, 'lab');
    const not = await other.go(
      (await ask(auth, 'lab', { id_token_hint: tokens.id_token as string, prompt: 'none' })).url,
    );
    expect(not.at.searchParams.get('error')).toBe('login_required');
  });

  it('that is not known is told nothing, and leads nowhere', async () => {
    const { url } = await ask(auth, 'lab', { client_id: 'nobody' });
    const seen = await new Tab(auth).go(url);
    expect([seen.status, seen.at.pathname]).toEqual([400, '/api/oidc/auth']);
    expect(await discover(auth, 'nobody')).toBeDefined();
  });
});
