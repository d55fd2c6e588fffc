import { generateKeyPair } from 'jose';
import { describe, expect, it } from 'vitest';
import { problemOf, startGatewayFor, startSystem } from './support/system.js';
import { startUpstream } from './support/upstream.js';

const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');

describe('access', () => {
  it('is refused with 401 before a service is asked, unless the token is exactly what auth issues', async () => {
    const patient = await startUpstream();
    const { url, issuer, token } = await startSystem([patient]);
    const now = Math.floor(Date.now() / 1000);
    const claims = { sub: '1', iss: 'cabinet', aud: 'cabinet', iat: now, exp: now + 600, roles: ['admin'] };
    const { privateKey: otherKey } = await generateKeyPair('ES256');
    const [head, body, signature] = token.split('.');
    const refused: Record<string, [authorization: string | undefined, code: string]> = {
      missing: [undefined, 'ACCESS.TOKEN_MISSING'],
      'another scheme': ['Basic YTpi', 'ACCESS.TOKEN_INVALID'],
      garbage: ['Bearer abc', 'ACCESS.TOKEN_INVALID'],
      expired: [`Bearer ${await issuer.token({ expiresInSeconds: -30 })}`, 'ACCESS.TOKEN_EXPIRED'],
      'signed with another key': [`Bearer ${await issuer.token({ key: otherKey })}`, 'ACCESS.TOKEN_INVALID'],
      'for another audience': [`Bearer ${await issuer.token({ audience: 'elsewhere' })}`, 'ACCESS.TOKEN_INVALID'],
      'from another issuer': [`Bearer ${await issuer.token({ issuer: 'elsewhere' })}`, 'ACCESS.TOKEN_INVALID'],
      'without a signature': [`Bearer ${head}.${body}.`, 'ACCESS.TOKEN_INVALID'],
      'alg none': [`Bearer ${encode({ alg: 'none', typ: 'at+jwt' })}.${encode(claims)}.`, 'ACCESS.TOKEN_INVALID'],
      'with other claims': [`Bearer ${head}.${encode(claims)}.${signature}`, 'ACCESS.TOKEN_INVALID'],
    };
    for (const [name, [authorization, code]] of Object.entries(refused)) {
      const answer = await fetch(`${url}/api/patients`, { headers: authorization ? { authorization } : {} });
      expect([name, answer.status, answer.headers.get('www-authenticate')]).toEqual([name, 401, 'Bearer']);
      expect([name, (await problemOf(answer)).code]).toEqual([name, code]);
    }
    expect(patient.seen).toEqual([]);
  });

  it('is open to everybody for signing in and for the public keys, and only for those', async () => {
    const auth = await startUpstream();
    const system = await startSystem();
    await system.add('auth', auth);
    const open: [method: string, path: string][] = [
      ['POST', '/api/auth/login'],
      ['POST', '/api/auth/refresh'],
      ['POST', '/api/auth/logout'],
      ['GET', '/.well-known/jwks.json'],
      ['HEAD', '/.well-known/jwks.json'],
    ];
    for (const [method, path] of open) {
      expect([path, (await fetch(system.url + path, { method })).status]).toEqual([path, 200]);
    }
    const closed: [method: string, path: string][] = [
      ['GET', '/api/auth/login'],
      ['POST', '/api/auth/users'],
      ['POST', '/api/auth/login/'],
      ['POST', '/.well-known/jwks.json'],
    ];
    for (const [method, path] of closed) {
      expect([path, (await fetch(system.url + path, { method })).status]).toEqual([path, 401]);
    }
    expect(auth.seen).toHaveLength(open.length);
  });

  it('goes on while auth is away, once its keys are known', async () => {
    const { ask, issuer } = await startSystem([await startUpstream()]);
    expect((await ask('/api/patients')).status).toBe(200);
    await issuer.stop();
    expect((await ask('/api/patients')).status).toBe(200);
  });

  it('is a 503 while no keys are to be had, never a yes', async () => {
    const patient = await startUpstream();
    const { registry, token } = await startSystem([patient]);
    const gateway = await startGatewayFor(registry.url, 'http://127.0.0.1:1/.well-known/jwks.json');
    const answer = await fetch(`http://127.0.0.1:${gateway.port}/api/patients`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5']);
    expect((await problemOf(answer)).code).toBe('ACCESS.KEYS_UNAVAILABLE');
    expect(patient.seen).toEqual([]);
  });
});
