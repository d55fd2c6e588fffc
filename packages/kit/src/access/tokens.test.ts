import { type CryptoKey, generateKeyPair, SignJWT } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { SettableClock } from '../clock.js';
import { rightsGround, sessionGround } from './ended-access.js';
import { createTokenVerifier } from './tokens.js';

const now = new Date('2026-11-22T10:00:00Z');
let publicKey: CryptoKey;
let privateKey: CryptoKey;

beforeAll(async () => {
  ({ publicKey, privateKey } = await generateKeyPair('ES256'));
});

const seconds = (date: Date) => Math.floor(date.getTime() / 1_000);

interface Changes {
  claims?: Record<string, unknown>;
  header?: Record<string, unknown>;
  key?: CryptoKey;
}

const signed = ({ claims = {}, header = {}, key = privateKey }: Changes = {}) =>
  new SignJWT({
    sub: 'u1',
    roles: ['secretary'],
    iss: 'cabinet',
    aud: 'cabinet',
    iat: seconds(now),
    exp: seconds(now) + 600,
    ...claims,
  })
    .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', ...header })
    .sign(key);

function verifier() {
  const clock = new SettableClock(now);
  let asked = 0;
  const keys = () => {
    asked += 1;
    return publicKey;
  };
  return {
    clock,
    asked: () => asked,
    verify: createTokenVerifier({ jwksUrl: 'unused', issuer: 'cabinet' }, keys, clock).verify,
  };
}

describe('a token verifier', () => {
  it('tells who the token is about', async () => {
    const token = await signed({ claims: { roles: ['patient'], patientId: 'p1' } });
    expect(await verifier().verify(token)).toEqual({
      id: 'u1',
      roles: ['patient'],
      patientId: 'p1',
      practitionerId: undefined,
      actsFor: undefined,
      sessionId: undefined,
    });
  });

  it('tells for whom else they may act, as far as it is said in full', async () => {
    const until = seconds(now) + 60;
    const claims = {
      acts_for: [
        { patient: 'P2', as: 'guardian', sections: ['details', 'all'], until },
        { patient: 'p3', as: 'neighbour', sections: ['details'] },
        { patient: 'p4', as: 'carer' },
        { patient: 'p5', as: 'guardian', sections: ['record', 'accesses'], ends: { record: until, accesses: 'later' } },
      ],
    };
    const token = await signed({ claims });
    expect((await verifier().verify(token)).actsFor).toEqual([
      { patientId: 'p2', as: 'guardian', sections: ['details'], until: new Date(until * 1_000) },
      {
        patientId: 'p5',
        as: 'guardian',
        sections: ['record', 'accesses'],
        ends: { record: new Date(until * 1_000), accesses: new Date(0) },
      },
    ]);
  });

  it('tells for which practitioners they work, as far as it is said in full', async () => {
    const [since, until] = [seconds(now) - 60, seconds(now) + 60];
    const claims = {
      delegated: [
        { practitioner: 'D1', as: 'locum', scopes: ['agenda', 'everything'], since, until },
        { practitioner: 'all', as: 'secretary', scopes: ['agenda'] },
        { as: 'secretary', scopes: ['agenda'] },
        { practitioner: 'd2', as: 'friend', scopes: ['agenda'] },
        { practitioner: 'd3', as: 'locum' },
      ],
    };
    expect((await verifier().verify(await signed({ claims }))).delegated).toEqual([
      {
        practitionerId: 'd1',
        as: 'locum',
        scopes: ['agenda'],
        since: new Date(since * 1_000),
        until: new Date(until * 1_000),
      },
      { practitionerId: 'all', as: 'secretary', scopes: ['agenda'] },
    ]);
    expect((await verifier().verify(await signed({ claims: { delegated: 'all' } }))).delegated).toBeUndefined();
  });

  it('tells which client acts for them, unless it is our own portal', async () => {
    const { verify } = verifier();
    expect((await verify(await signed({ claims: { client_id: 'lab' } }))).clientId).toBe('lab');
    expect((await verify(await signed({ claims: { client_id: '' } }))).clientId).toBe('');
    expect((await verify(await signed({ claims: { client_id: 'portal' } }))).clientId).toBeUndefined();
    expect((await verify(await signed())).clientId).toBeUndefined();
  });

  it('grants neither unknown roles nor the one of services', async () => {
    const token = await signed({ claims: { roles: ['service', 'root', 'patient'] } });
    expect((await verifier().verify(token)).roles).toEqual(['patient']);
  });

  it.each<[string, Changes]>([
    ['of another issuer', { claims: { iss: 'elsewhere' } }],
    ['for another audience', { claims: { aud: 'elsewhere' } }],
    ['of another type', { header: { typ: 'JWT' } }],
    ['without roles', { claims: { roles: undefined } }],
    ['without subject', { claims: { sub: undefined } }],
    ['without expiry', { claims: { exp: undefined } }],
    ['that is not valid yet', { claims: { nbf: seconds(now) + 60 } }],
  ])('refuses a token %s', async (_, changes) => {
    await expect(verifier().verify(await signed(changes))).rejects.toMatchObject({
      kind: 'unauthenticated',
      code: 'ACCESS.TOKEN_INVALID',
    });
  });

  it('refuses a token signed with another key, or changed after signing', async () => {
    const other = await generateKeyPair('ES256');
    await expect(verifier().verify(await signed({ key: other.privateKey }))).rejects.toMatchObject({
      code: 'ACCESS.TOKEN_INVALID',
    });
    const [header, , signature] = (await signed()).split('.');
    const payload = Buffer.from(JSON.stringify({ sub: 'u1', roles: ['admin'] })).toString('base64url');
    await expect(verifier().verify(`${header}.${payload}.${signature}`)).rejects.toMatchObject({
      code: 'ACCESS.TOKEN_INVALID',
    });
  });

  it('says when a token has expired', async () => {
    const token = await signed({ claims: { exp: seconds(now) - 60, iat: seconds(now) - 660 } });
    await expect(verifier().verify(token)).rejects.toMatchObject({ code: 'ACCESS.TOKEN_EXPIRED' });
  });

  it('checks a token once in half a minute, and never lets it outlive its expiry', async () => {
    const { verify, clock, asked } = verifier();
    const token = await signed({ claims: { exp: seconds(now) + 40 } });
    await verify(token);
    clock.advanceBy(29_000);
    await verify(token);
    expect(asked()).toBe(1);
    clock.advanceBy(2_000);
    await verify(token);
    expect(asked()).toBe(2);
    clock.advanceBy(15_000);
    await expect(verify(token)).rejects.toMatchObject({ code: 'ACCESS.TOKEN_EXPIRED' });
  });

  it.each([
    ['session', sessionGround('s1')],
    ['rights', rightsGround('u1', 3)],
  ])('refuses a token from the moment on that its %s have ended, also one that it remembers', async (_what, ground) => {
    const ended = new Set<string>([sessionGround('s2'), rightsGround('u1', 2), rightsGround('u2', 3)]);
    const rules = { jwksUrl: 'unused', issuer: 'cabinet' };
    const verify = async (token: string) =>
      createTokenVerifier(rules, () => publicKey, new SettableClock(now), ended).verify(token);
    const remembering = createTokenVerifier(rules, () => publicKey, new SettableClock(now), ended);
    const token = await signed({ claims: { sid: 's1', access_version: 3 } });
    expect(await verify(token)).toMatchObject({ id: 'u1', sessionId: 's1' });
    await remembering.verify(token);
    ended.add(ground);
    await expect(verify(token)).rejects.toMatchObject({ kind: 'unauthenticated', code: 'ACCESS.TOKEN_ENDED' });
    expect(() => remembering.verify(token)).toThrow('has ended');
  });

  it('answers 503, not 401, when the keys cannot be had', async () => {
    const away = createTokenVerifier({ jwksUrl: 'http://127.0.0.1:9/jwks.json', issuer: 'cabinet' });
    await expect(away.verify(await signed())).rejects.toMatchObject({
      kind: 'unavailable',
      code: 'ACCESS.KEYS_UNAVAILABLE',
    });
  });
});
