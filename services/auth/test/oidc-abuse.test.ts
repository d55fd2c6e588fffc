import { generateKeyPairSync } from 'node:crypto';
import { exportJWK, SignJWT } from 'jose';
import * as client from 'openid-client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { caller } from '../../../tests/support/http.ts';
import {
  ask,
  discover,
  exchange,
  issuer,
  lab,
  letIn,
  practice,
  refusalOf,
  startProvider,
  Tab,
  withToken,
} from './oidc.ts';
import { type Auth, buildUser } from './support.ts';

let auth: Auth;

beforeAll(async () => {
  auth = await startProvider();
});
afterEach(() => auth.clock.set(new Date()));
afterAll(() => auth?.stop());

const errorOf = async (more: Record<string, string>, clientId = 'lab') => {
  const { at, status } = await new Tab(auth).go((await ask(auth, clientId, more)).url);
  return at.origin === practice ? status : new URLSearchParams(at.search || at.hash.slice(1)).get('error');
};

/** Until a code would be exchanged. */
async function withCode(tab = new Tab(auth)) {
  const asked = await ask(auth, 'lab');
  const page = await tab.go(asked.url);
  await tab.signIn((await buildUser(auth)).email);
  const consent = await tab.answer(page.at, 'sign-in');
  const { at } = await tab.answer(consent.at, 'allow');
  return { asked, at, tab };
}

describe('a request of a client', () => {
  it.each<[string, Record<string, string>, unknown]>([
    ['with PKCE that is no protection', { code_challenge_method: 'plain' }, 'invalid_request'],
    ['with a challenge and no word of how it was made', { code_challenge_method: '' }, 'invalid_request'],
    ['without PKCE', { code_challenge: '', code_challenge_method: '' }, 'invalid_request'],
    ['for tokens in the address', { response_type: 'token' }, 'unsupported_response_type'],
    ['for a token in the address', { response_type: 'id_token' }, 'unsupported_response_type'],
    ['that it has packed into a token of its own', { request: 'a.b.' }, 'request_not_supported'],
    ['for an answer as a form that sends itself', { response_mode: 'form_post' }, 'unsupported_response_mode'],
    ['for the tokens of another audience', { resource: 'urn:other' }, 'invalid_target'],
  ])('is refused at its address: %s', async (_what, more, refusal) => expect(await errorOf(more)).toBe(refusal));

  it('is told beforehand in which ways it can be answered', async () => {
    const { response_modes_supported } = (await discover(auth, 'lab')).serverMetadata();
    expect(response_modes_supported).toEqual(['query', 'fragment']);
  });

  it.each([
    ['another', 'https://evil.example/callback'],
    ['one below its own', `${lab}/more`],
    ['its own with a query', `${lab}?next=https://evil.example`],
    ['its own with somebody before it', 'https://lab.example@evil.example/callback'],
    ['its own in other letters', 'https://LAB.example/callback'],
    ['its own by another scheme', 'http://lab.example/callback'],
    ['a script', 'javascript:alert(1)'],
    ['none', ''],
  ])('leads nowhere when its address is %s', async (_what, redirect_uri) =>
    expect(await errorOf({ redirect_uri })).toBe(400),
  );

  it('is refused, and does no harm, when it has huge values', async () => {
    const { url } = await ask(auth, 'lab', { state: 'x'.repeat(6_000), nonce: 'y'.repeat(6_000) });
    expect((await new Tab(auth).ask('GET', url)).status).toBeLessThan(500);
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    const body = `grant_type=authorization_code&client_id=lab&code=${'z'.repeat(200_000)}`;
    const seen = await new Tab(auth).ask('POST', '/api/oidc/token', body, { ...form, accept: 'application/json' });
    expect([seen.status, JSON.parse(seen.text).error]).toEqual([400, 'invalid_request']);
  });

  it('leads back what it sent along, letter by letter', async () => {
    const state = '019A8F3E-6F2B-7C55-9B1C-3F1B8F5F2D11  e\u0301 ';
    const { at } = await new Tab(auth).go((await ask(auth, 'lab', { state, prompt: 'none' })).url);
    expect(at.searchParams.get('state')).toBe(state);
  });
});

describe('a code', () => {
  it('is good once: shown again it ends what was given for it, everywhere', async () => {
    const { asked, at, tab } = await withCode();
    const tokens = await exchange(asked, at);
    expect(await refusalOf(exchange(asked, at))).toBe('invalid_grant');
    expect(await refusalOf(client.refreshTokenGrant(asked.config, tokens.refresh_token as string))).toBe(
      'invalid_grant',
    );
    expect((await withToken(auth, tokens.access_token)('GET', '/api/auth/me')).status).toBe(401);
    expect((await tab.json('POST', '/api/auth/refresh')).status).toBe(401);
  });

  it('is good for one of two who show it at once', async () => {
    const { asked, at } = await withCode();
    const both = await Promise.allSettled([exchange(asked, at), exchange(asked, at)]);
    const good = both.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
    expect(good.length).toBeLessThanOrEqual(1);
    for (const { access_token } of good) {
      expect((await withToken(auth, access_token)('GET', '/api/auth/me')).status).toBe(401);
    }
  });

  it('is not exchanged by whoever has not asked for it', async () => {
    const { asked, at } = await withCode();
    const form = (more: Record<string, string>) =>
      new URLSearchParams({
        grant_type: 'authorization_code',
        client_id: 'lab',
        code: at.searchParams.get('code') as string,
        redirect_uri: lab,
        code_verifier: asked.checks.pkceCodeVerifier,
        ...more,
      }).toString();
    const type = { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' };
    const errorOfToken = async (more: Record<string, string>) =>
      JSON.parse((await new Tab(auth).ask('POST', '/api/oidc/token', form(more), type)).text).error;
    expect(await errorOfToken({ client_id: 'reader' })).toBe('invalid_grant');
    expect(await errorOfToken({ redirect_uri: 'https://evil.example/callback' })).toBe('invalid_grant');
    expect(await errorOfToken({ code_verifier: client.randomPKCECodeVerifier() })).toBe('invalid_grant');
    expect(await errorOfToken({ code_verifier: '' })).toBe('invalid_grant');
  });

  it('is good for a minute', async () => {
    const { asked, at } = await withCode();
    auth.clock.advanceBy(61_000);
    expect(await refusalOf(exchange(asked, at))).toBe('invalid_grant');
  });

  it('comes with the name of who gave it, so that a client does not take it for another issuer’s', async () => {
    const { asked, at } = await withCode();
    expect(at.searchParams.get('iss')).toBe(issuer);
    at.searchParams.set('iss', 'https://evil.example');
    expect(await refusalOf(exchange(asked, at))).toMatch(/OAUTH_INVALID_RESPONSE/);
  });
});

describe('a refresh token', () => {
  it('is good once: shown again it ends what was given with it, everywhere', async () => {
    const { asked, tokens } = await letIn(auth, 'portal');
    const next = await client.refreshTokenGrant(asked.config, tokens.refresh_token as string);
    expect(await refusalOf(client.refreshTokenGrant(asked.config, tokens.refresh_token as string))).toBe(
      'invalid_grant',
    );
    expect(await refusalOf(client.refreshTokenGrant(asked.config, next.refresh_token as string))).toBe('invalid_grant');
    expect((await withToken(auth, next.access_token)('GET', '/api/auth/me')).status).toBe(401);
  });

  it('is good for the client that it was given to', async () => {
    const { tokens, asked } = await letIn(auth, 'portal');
    const other = client.refreshTokenGrant(await discover(auth, 'lab'), tokens.refresh_token as string);
    expect(await refusalOf(other)).toBe('invalid_grant');
    expect((await client.refreshTokenGrant(asked.config, tokens.refresh_token as string)).access_token).toBeDefined();
  });

  it('stands in no table, and neither does a code or a cookie', async () => {
    const { tab, tokens, at } = await letIn(auth, 'portal');
    const { rows } = await auth.sql.query(
      `select row_to_json(kept)::text || encode(sealed, 'escape') as text from oidc_state kept`,
    );
    const stored = rows.map(({ text }) => text).join();
    const cookie = tab.cookieNamed('__Secure-cabinet_oidc')?.value as string;
    for (const secret of [tokens.refresh_token as string, at.searchParams.get('code') as string, cookie]) {
      expect(secret.length).toBeGreaterThan(20);
      expect(stored).not.toContain(secret);
    }
  });
});

describe('a token', () => {
  it('that tells a client of its user opens nothing here', async () => {
    const { tokens } = await letIn(auth, 'portal');
    expect((await withToken(auth, tokens.id_token as string)('GET', '/api/auth/me')).status).toBe(401);
  });

  it.each(['none', 'HS256'])('that nobody has signed with our keys (%s) does not sign out', async (alg) => {
    const { tab, user } = await letIn(auth, 'lab');
    const claims = { iss: issuer, aud: 'lab', sub: user.id };
    const forged =
      alg === 'none'
        ? `${btoa('{"alg":"none"}')}.${btoa(JSON.stringify(claims))}.`.replaceAll('=', '')
        : await new SignJWT(claims).setProtectedHeader({ alg }).sign(new TextEncoder().encode('x'.repeat(32)));
    const seen = await tab.go(`/api/oidc/session/end?id_token_hint=${forged}`);
    expect(seen.status).toBe(400);
  });
});

describe('the page of a question', () => {
  const question = async (tab = new Tab(auth)) => ({ tab, at: (await tab.go((await ask(auth, 'lab')).url)).at });
  const signIn = { answer: 'sign-in' };

  it('is kept by cookies that no script, no other site and no open network sees', async () => {
    const tab = new Tab(auth);
    const seen = await tab.ask('GET', (await ask(auth, 'lab')).url);
    const lines = seen.headers.getSetCookie();
    expect(lines.map((line) => line.split('=')[0])).toEqual(
      expect.arrayContaining(['__Secure-cabinet_interaction', '__Secure-cabinet_interaction_resume']),
    );
    for (const line of lines) expect(line.toLowerCase()).toMatch(/(?=.*; secure)(?=.*; httponly)(?=.*; samesite=lax)/);
  });

  it('is for the browser that it was put to', async () => {
    const { at } = await question();
    const other = new Tab(auth);
    await other.signIn((await buildUser(auth)).email);
    const answered = await other.json('POST', at.pathname, signIn);
    expect([answered.status, answered.body.code]).toEqual([404, 'AUTH.NO_SUCH_INTERACTION']);
    const shown = await other.go(at);
    expect([shown.status, shown.text.includes('This sign-in has ended')]).toEqual([404, true]);
  });

  it('is answered by our own page alone', async () => {
    const { tab, at } = await question();
    await tab.signIn((await buildUser(auth)).email);
    const elsewhere: Record<string, string>[] = [
      { origin: 'https://evil.example' },
      { 'sec-fetch-site': 'cross-site' },
      { origin: 'null' },
    ];
    for (const headers of elsewhere) {
      expect((await tab.json('POST', at.pathname, signIn, headers)).body.code).toBe('AUTH.FOREIGN_ORIGIN');
    }
    const form = { 'content-type': 'text/plain', origin: practice };
    expect((await tab.ask('POST', at.pathname, JSON.stringify(signIn), form)).status).toBe(415);
  });

  it('is no way around signing in, or around what was asked', async () => {
    const { tab, at } = await question();
    for (const answer of ['sign-in', 'allow']) {
      expect((await tab.json('POST', at.pathname, { answer })).status).toBeGreaterThanOrEqual(401);
    }
    await tab.signIn((await buildUser(auth)).email);
    expect((await tab.json('POST', at.pathname, { answer: 'allow' })).body.code).toBe('AUTH.NO_SUCH_INTERACTION');
    const consent = await tab.answer(at, 'sign-in');
    await tab.signIn((await buildUser(auth)).email);
    expect((await tab.json('POST', consent.at.pathname, { answer: 'allow' })).body.code).toBe('AUTH.SIGN_IN_NEEDED');
    expect((await tab.json('POST', consent.at.pathname, { answer: 'approve' })).status).toBe(422);
  });

  it('is there for ten minutes', async () => {
    const { tab, at } = await question();
    await tab.signIn((await buildUser(auth)).email);
    auth.clock.advanceBy(10 * 60_000 + 1_000);
    expect((await tab.json('POST', at.pathname, signIn)).body.code).toBe('AUTH.NO_SUCH_INTERACTION');
    expect((await tab.go(at)).status).toBe(404);
  });

  it('may stand in two tabs of a browser, which are answered in any order', async () => {
    const first = new Tab(auth);
    const second = new Tab(auth, first);
    const asked = [await ask(auth, 'lab'), await ask(auth, 'portal')] as const;
    const pages = [await first.go(asked[0].url), await second.go(asked[1].url)] as const;
    await second.signIn((await buildUser(auth)).email);
    const { at } = await second.answer(pages[1].at, 'sign-in');
    expect((await exchange(asked[1], at)).claims()?.aud).toBe('portal');
    const consent = await first.answer(pages[0].at, 'sign-in');
    const allowed = await first.answer(consent.at, 'allow');
    expect((await exchange(asked[0], allowed.at)).claims()?.aud).toBe('lab');
  });
});

describe('a client with a key', () => {
  it('is let in by it, and nobody else in its name', async () => {
    const own = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const { kty, crv, x, y } = await exportJWK(own.publicKey);
    const keyed = await startProvider(
      {},
      {
        OIDC_CLIENTS: [
          {
            id: 'lab',
            name: 'Lab',
            redirectUris: [lab],
            postLogoutRedirectUris: [],
            scopes: ['openid', 'email', 'cabinet'],
            publicKey: { kty, crv, x, y },
          },
        ],
      },
    );
    try {
      const asked = await ask(keyed, 'lab');
      const tab = new Tab(keyed);
      const page = await tab.go(asked.url);
      await tab.signIn((await buildUser(keyed)).email);
      const { at } = await tab.answer((await tab.answer(page.at, 'sign-in')).at, 'allow');
      const as = async (key: client.CryptoKey | undefined) => {
        const how = key ? client.PrivateKeyJwt(key) : client.None();
        const config = new client.Configuration(asked.config.serverMetadata(), 'lab', undefined, how);
        config[client.customFetch] = asked.config[client.customFetch] as never;
        return exchange({ ...asked, config }, at);
      };
      const algorithm = { name: 'ECDSA', namedCurve: 'P-256' };
      const other = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
      const key = await crypto.subtle.importKey('jwk', own.privateKey.export({ format: 'jwk' }), algorithm, true, [
        'sign',
      ]);
      expect(await refusalOf(as(undefined))).toBe('invalid_client');
      expect(await refusalOf(as(other.privateKey))).toBe('invalid_client');
      expect((await as(key)).access_token).toBeDefined();
    } finally {
      await keyed.stop();
    }
  });
});

it('asks for no token, whoever sends one along', async () => {
  const path = '/api/oidc/.well-known/openid-configuration';
  expect((await caller(auth.base, 'Bearer nonsense')('GET', path)).status).toBe(200);
});
