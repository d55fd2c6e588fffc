import { z } from 'zod';
import { address } from './oidc-client.js';
import type { PersonRole } from './user.js';

/** Roles that an issuer's word may give; who a patient is, is said by the practice alone. */
const givenRoles = ['practitioner', 'secretary', 'admin'] as const satisfies readonly PersonRole[];
export type GivenRole = (typeof givenRoles)[number];

/** By which key of ours an issuer encrypts what it tells us; the content is always A256GCM. */
export const encryptions = ['RSA-OAEP', 'ECDH-ES'] as const;
export type Encryption = (typeof encryptions)[number];

/** An issuer as the operator writes it down. */
const written = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]{1,40}$/),
  name: z.string().min(1).max(80),
  kind: z.enum(['keycloak', 'pro-sante-connect', 'france-connect-plus', 'generic']),
  /** What it calls itself in its tokens. */
  issuer: address,
  /** Where its discovery document is, when that is not at the usual place below the issuer. */
  discovery: address.optional(),
  /** Further hosts that its documents may lead to. */
  hosts: z.array(z.string().regex(/^[\w.-]+(:\d+)?$/)).default([]),
  clientId: z.string().min(1).max(200),
  /** A file with the secret that it knows us by; read at each sign-in, so it may be changed at any time. */
  secretFile: z.string().optional(),
  /** A file with the private key (PKCS #8, ES256) that it knows us by, instead of a secret. */
  keyFile: z.string().optional(),
  scopes: z.array(z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/)).optional(),
  signedBy: z.enum(['RS256', 'PS256', 'ES256']).optional(),
  encryption: z.enum(encryptions).optional(),
  /** How its users have to have shown who they are: one of these, and which of them stand for a second factor of ours. */
  acr: z.array(z.string().min(1).max(200)).optional(),
  secondFactorAcr: z.array(z.string().min(1).max(200)).default([]),
  /** `email`: whoever has the verified address of a user is that user; else the practice confirms everybody once. */
  linkBy: z.enum(['confirmation', 'email']).default('confirmation'),
  /** Where its roles stand in what it tells, and what each is here. */
  rolesClaim: z.string().max(200).default('realm_access.roles'),
  roles: z.record(z.string(), z.enum(givenRoles)).default({}),
  /** True when administrators may sign in by it, and it may make some. */
  admins: z.boolean().default(false),
  /** FINESS numbers of the practice's places: activities elsewhere do not count here. */
  sites: z.array(z.string().max(20)).default([]),
});

type Written = z.infer<typeof written>;

export type TrustedIssuer = Omit<Written, 'discovery' | 'scopes' | 'signedBy' | 'acr'> &
  Required<Pick<Written, 'discovery' | 'scopes' | 'signedBy' | 'acr'>>;

/** Below the issuer, whose path may end with a slash or not. */
const below = (issuer: string, path: string): string => `${issuer.replace(/\/$/, '')}/.well-known/${path}`;

/** What is the same for every practice. */
const usual: Record<Written['kind'], (issuer: Written) => Partial<TrustedIssuer>> = {
  keycloak: () => ({ scopes: ['openid', 'email'] }),
  generic: () => ({}),
  'pro-sante-connect': ({ issuer }) => ({
    discovery: below(issuer, 'wallet-openid-configuration'),
    scopes: ['openid', 'scope_all'],
    acr: ['eidas1'],
  }),
  'france-connect-plus': () => ({
    scopes: ['openid', 'identite_pivot', 'email'],
    signedBy: 'ES256',
    encryption: 'RSA-OAEP',
    acr: ['eidas2', 'eidas3'],
  }),
};

function complete(issuer: Written): TrustedIssuer {
  const given = Object.fromEntries(Object.entries(issuer).filter(([, value]) => value !== undefined)) as Written;
  return {
    discovery: below(issuer.issuer, 'openid-configuration'),
    scopes: ['openid'],
    signedBy: 'RS256',
    acr: [],
    ...usual[issuer.kind](issuer),
    ...given,
  };
}

/** What cannot be meant. */
function judge(issuer: TrustedIssuer): string[] {
  const { id, kind, linkBy, roles, admins, secondFactorAcr, acr, secretFile, keyFile } = issuer;
  const isOfState = kind === 'pro-sante-connect' || kind === 'france-connect-plus';
  const problems = [
    isOfState && linkBy === 'email' && 'people of it are confirmed, never known by their address',
    isOfState && Object.keys(roles).length > 0 && 'it says who people are, and gives no roles',
    isOfState && acr.length === 0 && 'acr must name what is demanded',
    kind === 'france-connect-plus' && admins && 'it is for patients',
    Object.values(roles).includes('admin') && !admins && 'it makes administrators only with `admins: true`',
    acr.length > 0 && secondFactorAcr.some((each) => !acr.includes(each)) && 'secondFactorAcr has what acr has not',
    secretFile && keyFile && 'it knows us by a secret or by a key',
  ];
  return problems.filter((each) => typeof each === 'string' && each !== '').map((each) => `${id}: ${each}`);
}

/** `TRUSTED_ISSUERS`: a list as JSON. */
export const issuersFromText = z
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
  .pipe(z.array(written).max(20))
  .transform((all, context) => {
    const issuers = all.map(complete);
    for (const message of issuers.flatMap(judge)) context.addIssue({ code: 'custom', message });
    for (const key of ['id', 'issuer'] as const) {
      if (new Set(issuers.map((each) => each[key])).size < issuers.length) {
        context.addIssue({ code: 'custom', message: `has an ${key} twice` });
      }
    }
    return issuers;
  });

/** Whom its people are here: those of FranceConnect+ are patients, those of Pro Santé Connect practitioners. */
export const linkOf = ({ kind }: TrustedIssuer): 'patientId' | 'practitionerId' | undefined =>
  kind === 'france-connect-plus' ? 'patientId' : kind === 'pro-sante-connect' ? 'practitionerId' : undefined;
