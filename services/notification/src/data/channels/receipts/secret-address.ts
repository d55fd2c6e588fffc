import { createHmac, timingSafeEqual } from 'node:crypto';

/** Who signs nothing: the address that receipts come to is itself what nobody else knows. */
export type WithoutSignature = 'ovhcloud' | 'mail';

const keyFor = (secret: string, provider: WithoutSignature): Buffer =>
  createHmac('sha256', secret).update(`receipts of ${provider}`).digest();

/** What is entered at a provider. */
export function secretAddress(base: string, secret: string, provider: WithoutSignature): string {
  const url = new URL(base);
  url.searchParams.set('key', keyFor(secret, provider).toString('base64url'));
  return url.href;
}

/** Whether something came to the address that was given to the provider. @param secrets more than one while one replaces the other */
export function cameToAddress(secrets: readonly string[], provider: WithoutSignature, query: URLSearchParams): boolean {
  const given = Buffer.from(query.get('key') ?? '', 'base64url');
  return secrets
    .map((secret) => keyFor(secret, provider))
    .some((key) => given.length === key.length && timingSafeEqual(given, key));
}
