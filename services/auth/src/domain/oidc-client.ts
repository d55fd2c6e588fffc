import { portalId } from '@cabinet/kit/access/principal';
import { z } from 'zod';
import { scopes } from './interaction.js';

export const address = z
  .url({ protocol: /^https?$/ })
  .refine((text) => isSafe(new URL(text)), 'must be https, or on this machine');

/** Codes and tokens are shown on the way; only on one machine nobody else sees it. */
const isSafe = ({ protocol, hostname }: URL): boolean =>
  protocol === 'https:' || ['localhost', '127.0.0.1', '[::1]'].includes(hostname);

/** A client as the operator writes it down. Who can keep a secret has a key, of which we know the public half (ES256). */
const client = z.strictObject({
  id: z.string().regex(/^[\w.-]{1,64}$/),
  name: z.string().min(1).max(80),
  redirectUris: z.array(address).min(1).max(20),
  postLogoutRedirectUris: z.array(address).max(20).default([]),
  backchannelLogoutUri: address.optional(),
  scopes: z.array(z.enum(scopes)).default(['openid']),
  publicKey: z
    .strictObject({
      kty: z.literal('EC'),
      crv: z.literal('P-256'),
      x: z.string(),
      y: z.string(),
      kid: z.string().optional(),
    })
    .optional(),
});

export type OidcClient = z.infer<typeof client> & { isOwn?: boolean };

/** `OIDC_CLIENTS`: a list as JSON. */
export const clientsFromText = z
  .string()
  .default('[]')
  .transform((text, context) => {
    try {
      return JSON.parse(text);
    } catch {
      context.addIssue({ code: 'custom', message: 'is not JSON' });
      return z.NEVER;
    }
  })
  .pipe(z.array(client).max(100))
  .refine(
    (all) => new Set([portalId, ...all.map(({ id }) => id)]).size > all.length,
    'has an id twice, or that of the portal',
  );

/** Our own portal, at each origin of our pages: nobody is asked whether it may know them. */
export const portalAt = (origins: readonly string[]): OidcClient => ({
  id: portalId,
  name: 'Cabinet',
  redirectUris: origins.map((origin) => new URL('/signed-in', origin).href),
  postLogoutRedirectUris: origins.map((origin) => new URL('/', origin).href),
  scopes: [...scopes],
  isOwn: true,
});
