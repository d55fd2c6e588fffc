import { type CryptoKey, exportJWK, generateKeyPair, SignJWT } from 'jose';
import { startUpstream } from './upstream.js';

export interface TokenFacts {
  roles?: string[];
  audience?: string;
  issuer?: string;
  expiresInSeconds?: number;
  key?: CryptoKey;
  subject?: string;
  /** For whom else they may act. */
  acts_for?: { patient: string; as: 'guardian' | 'carer'; sections: string[] }[];
}

/** Stands for auth: signs tokens, and serves the key that they are checked with. */
export async function startIssuer() {
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  const keys = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: 'one', alg: 'ES256', use: 'sig' }] });
  const server = await startUpstream((_req, res) => {
    res.setHeader('content-type', 'application/json').end(keys);
  });
  const token = ({
    roles = ['secretary'],
    audience = 'cabinet',
    issuer = 'cabinet',
    expiresInSeconds = 600,
    key,
    subject = '0190a000-0000-7000-8000-000000000001',
    ...claims
  }: TokenFacts = {}) => {
    const now = Math.floor(Date.now() / 1000);
    return new SignJWT({ roles, ...claims })
      .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: 'one' })
      .setSubject(subject)
      .setIssuer(issuer)
      .setAudience(audience)
      .setIssuedAt(now - 60)
      .setExpirationTime(now + expiresInSeconds)
      .sign(key ?? privateKey);
  };
  return { token, jwksUrl: `http://127.0.0.1:${server.port}/.well-known/jwks.json`, stop: server.stop };
}
