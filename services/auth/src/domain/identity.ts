import { IssuerNotBelieved } from './errors-elsewhere.js';
import type { GivenRole, TrustedIssuer } from './trusted-issuer.js';
import type { PersonRole } from './user.js';

/** What somebody does somewhere, as Pro Santé Connect says it. */
export interface Activity {
  id: string;
  /** FINESS number of the place. */
  site?: string;
  siteName?: string;
  /** Code of the profession in the national list: 10 is a physician. */
  profession: string;
}

/** What an issuer tells of a person, for whoever confirms that it is the one they know. */
export interface Person {
  familyName?: string;
  givenNames?: string;
  birthDate?: string;
  /** Code of the place. */
  birthPlace?: string;
  birthCountry?: string;
  gender?: string;
  email?: string;
  /** The number of a professional in the national directory. */
  professionalId?: string;
}

/** Somebody who has shown an issuer who they are, and what it says of them. */
export interface Identity {
  issuerId: string;
  /** By which they are known again: never a name. */
  subject: string;
  person: Person;
  /** The address, when the issuer has verified it. */
  verifiedEmail?: string;
  /** How they have shown who they are. */
  acr?: string;
  activities: Activity[];
  /** As the issuer calls them. */
  roles: string[];
  /** The session there. */
  there: SessionElsewhere;
}

/** The session at the issuer that one of ours follows. */
export interface SessionElsewhere {
  issuerId: string;
  /** What the issuer calls the person in its tokens. */
  sub: string;
  sid?: string;
  /** The link by which it was opened. */
  linkId?: string;
  /** Shown to the issuer when its user signs out there. */
  idToken: string;
  /** Where the person works during this session. */
  site?: string;
}

/** Who may sign in by what an issuer says: nobody until somebody of the practice has confirmed it. */
export interface IdentityLink {
  id: string;
  issuerId: string;
  subject: string;
  person: Person;
  /** Set once it is confirmed. */
  userId?: string;
  confirmedBy?: string;
  confirmedAt?: Date;
  createdAt: Date;
  /** When they last came. */
  lastShownAt: Date;
}

const days = 24 * 3_600_000;

/** What nobody has confirmed by then is forgotten. */
export const proposalMsMax = 30 * days;

type Claims = Record<string, unknown>;

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value.trim() !== '' ? value.trim().slice(0, 200) : undefined;
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const object = (value: unknown): Claims => (typeof value === 'object' && value !== null ? (value as Claims) : {});

/**
 * @param claims of the ID token and of the userinfo, which are of the same person
 * @throws IssuerNotBelieved (401) when they do not say who it is
 */
export function identityOf(issuer: TrustedIssuer, claims: Claims, idToken: string): Identity {
  const sub = text(claims.sub);
  const subject = issuer.kind === 'pro-sante-connect' ? text(claims.SubjectNameID) : sub;
  if (!sub || !subject) throw new IssuerNotBelieved('no subject');
  const email = text(claims.email);
  return {
    issuerId: issuer.id,
    subject,
    person: personOf(issuer, claims),
    verifiedEmail: claims.email_verified === true ? email : undefined,
    acr: text(claims.acr),
    activities: activitiesOf(claims, issuer.sites),
    roles: rolesIn(claims, issuer.rolesClaim),
    there: { issuerId: issuer.id, sub, sid: text(claims.sid), idToken },
  };
}

function personOf({ kind }: TrustedIssuer, claims: Claims): Person {
  const names = { familyName: text(claims.family_name), givenNames: text(claims.given_name) };
  if (kind === 'pro-sante-connect') return { ...names, professionalId: text(claims.SubjectNameID) };
  if (kind !== 'france-connect-plus') return { ...names, email: text(claims.email) };
  return {
    familyName: names.familyName,
    givenNames: list(claims.given_name_array).map(text).filter(Boolean).join(' ') || names.givenNames,
    birthDate: text(claims.birthdate),
    birthPlace: text(claims.birthplace),
    birthCountry: text(claims.birthcountry),
    gender: text(claims.gender),
    email: text(claims.email),
  };
}

/** @param sites of the practice: what somebody does elsewhere does not count here; none named: all count */
function activitiesOf(claims: Claims, sites: readonly string[]): Activity[] {
  const all = list(object(claims.SubjectRefPro).exercices).flatMap((exercise, one) => {
    const { codeProfession, activities } = object(exercise);
    return list(activities).flatMap((activity, other): Activity[] => {
      const { numeroFinessSite, raisonSocialeSite } = object(activity);
      const profession = text(codeProfession);
      const site = text(numeroFinessSite);
      return profession ? [{ id: `${one}-${other}`, site, siteName: text(raisonSocialeSite), profession }] : [];
    });
  });
  return sites.length === 0 ? all : all.filter(({ site }) => site !== undefined && sites.includes(site));
}

function rolesIn(claims: Claims, path: string): string[] {
  const found = path.split('.').reduce<unknown>((at, name) => object(at)[name], claims);
  return list(found).filter((each): each is string => typeof each === 'string');
}

/**
 * A user's roles by the word of an issuer that gives some: those that it may give are as it says, the others stay. Nothing is a
 * role here because it has the name of one.
 */
export function rolesBy({ roles }: Pick<TrustedIssuer, 'roles'>, said: readonly string[], own: PersonRole[]) {
  const given = new Set<PersonRole>(
    said.flatMap((each): GivenRole[] => (Object.hasOwn(roles, each) ? [roles[each] as GivenRole] : [])),
  );
  const governed = new Set<PersonRole>(Object.values(roles));
  return [...new Set([...own.filter((role) => !governed.has(role)), ...given])];
}
