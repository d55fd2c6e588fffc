import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Ground } from '@cabinet/kit/access/ended-access';
import type { DelegatedScope, Role, Section } from '@cabinet/kit/access/principal';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

export interface TokenClaims {
  roles: Role[];
  /** User id. */
  sub?: string;
  patientId?: string;
  practitionerId?: string;
  /** For whom else they may act, as auth says it; times in seconds since 1970. */
  acts_for?: {
    patient: string;
    as: 'guardian' | 'carer';
    sections: Section[];
    until?: number;
    ends?: Partial<Record<Section, number>>;
  }[];
  /** For which practitioners they work; a secretary, when it is left out, for all, as in a new practice. */
  delegated?: {
    practitioner: string;
    as: 'secretary' | 'locum';
    scopes: DelegatedScope[];
    since?: number;
    until?: number;
  }[];
  /** Session id. */
  sid?: string;
  /** Seconds from now; negative for a token that has expired. */
  expiresIn?: number;
}

/** Stands for auth in the tests of one service: real keys, served as auth serves them. */
export interface TokenIssuer {
  jwksUrl: string;
  /** An `Authorization` header value for a person with these claims. */
  bearer(claims: TokenClaims): Promise<string>;
  /** What it says has ended, until the test says otherwise. */
  ended: Ground[];
  stop(): Promise<void>;
}

const forAll: TokenClaims['delegated'] = [{ practitioner: 'all', as: 'secretary', scopes: ['agenda'] }];

export async function startTokenIssuer(): Promise<TokenIssuer> {
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  const jwk = { ...(await exportJWK(publicKey)), kid: 'test', alg: 'ES256', use: 'sig' };
  const ended: Ground[] = [];
  const server = createServer((req, res) => {
    const said = req.url?.endsWith('/ended-access.json') ? { ended } : { keys: [jwk] };
    res.setHeader('content-type', 'application/json').end(JSON.stringify(said));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    jwksUrl: `http://127.0.0.1:${port}/.well-known/jwks.json`,
    ended,
    async bearer({ sub = '019a8f3e-0000-7000-8000-000000000001', expiresIn = 600, ...claims }) {
      const now = Math.floor(Date.now() / 1000);
      const usual = claims.roles.includes('secretary') ? forAll : undefined;
      const token = await new SignJWT({ delegated: usual, ...claims })
        .setProtectedHeader({ alg: 'ES256', kid: 'test', typ: 'at+jwt' })
        .setSubject(sub)
        .setIssuer('cabinet')
        .setAudience('cabinet')
        .setIssuedAt(Math.min(now, now + expiresIn))
        .setExpirationTime(now + expiresIn)
        .sign(privateKey);
      return `Bearer ${token}`;
    },
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
