import { randomUUID } from 'node:crypto';
import { type Person, people } from './people.ts';

const tokenSeconds = 600;

const part = (claims: object): string => Buffer.from(JSON.stringify(claims)).toString('base64url');
/** Shaped as the real ones are, and signed by nobody: no service would take it. */
const tokenOf = (claims: object): string => `${part({ alg: 'none' })}.${part(claims)}.`;

/** In the place of auth: whoever is chosen is signed in. What it knows is gone with it. */
export class Issuer {
  private readonly codes = new Map<string, { person: Person; nonce: string }>();
  private readonly refreshTokens = new Map<string, { person: Person; nonce: string }>();
  private readonly ended = new Set<string>();
  /** By person: in which they are signed in. */
  private readonly sessions = new Map<string, string>();

  configuration(origin: string) {
    const at = (path: string) => `${origin}/api/oidc/${path}`;
    return {
      issuer: `${origin}/api/oidc`,
      authorization_endpoint: at('auth'),
      token_endpoint: at('token'),
      end_session_endpoint: at('session/end'),
      jwks_uri: `${origin}/.well-known/jwks.json`,
    };
  }

  /**
   * Where a browser is led that was asked who is there; undefined while it has to be chosen.
   * @param known who was signed in there before, as its cookie says
   */
  authorize(
    origin: string,
    asked: URLSearchParams,
    { chosen, known }: { chosen?: string; known?: string },
  ): string | undefined {
    const person = people.find(({ id, email }) => email === (chosen ?? known) && (chosen || !this.ended.has(id)));
    const back = new URL('/signed-in', origin);
    back.searchParams.set('state', asked.get('state') ?? '');
    back.searchParams.set('iss', `${origin}/api/oidc`);
    if (person && (chosen || asked.get('prompt') !== 'login')) {
      this.ended.delete(person.id);
      if (chosen || !this.sessions.has(person.id)) this.sessions.set(person.id, randomUUID());
      const code = randomUUID();
      this.codes.set(code, { person, nonce: asked.get('nonce') ?? '' });
      back.searchParams.set('code', code);
      return back.href;
    }
    if (asked.get('prompt') !== 'none') return undefined;
    back.searchParams.set('error', 'login_required');
    return back.href;
  }

  /** Undefined for what is not known, or no longer. */
  exchange(origin: string, sent: URLSearchParams) {
    const [kept, shown] =
      sent.get('grant_type') === 'refresh_token'
        ? [this.refreshTokens, sent.get('refresh_token') ?? '']
        : [this.codes, sent.get('code') ?? ''];
    const known = kept.get(shown);
    kept.delete(shown);
    if (!known || this.ended.has(known.person.id)) return undefined;
    const { id: sub, email, roles, patientId, practitionerId, actsFor, worksForAll } = known.person;
    const acts_for = actsFor?.map(({ patientId: patient, as, sections }) => ({ patient, as, sections }));
    const delegated = worksForAll ? [{ practitioner: 'all', as: 'secretary', scopes: ['agenda'] }] : undefined;
    const iat = Math.floor(Date.now() / 1_000);
    const sid = this.sessions.get(sub);
    const usual = { iss: `${origin}/api/oidc`, sub, sid, iat, exp: iat + tokenSeconds };
    const refreshToken = randomUUID();
    this.refreshTokens.set(refreshToken, known);
    return {
      token_type: 'Bearer',
      expires_in: tokenSeconds,
      access_token: tokenOf({ ...usual, aud: 'cabinet', roles, patientId, practitionerId, acts_for, delegated }),
      id_token: tokenOf({ ...usual, aud: 'portal', email, nonce: known.nonce }),
      refresh_token: refreshToken,
    };
  }

  /** Whose token it is; undefined for one that has ended. */
  whoShows(authorization: string | undefined): Person | undefined {
    const [, claims = ''] = authorization?.replace(/^Bearer /i, '').split('.') ?? [];
    try {
      const { sub, exp } = JSON.parse(Buffer.from(claims, 'base64url').toString());
      if (exp * 1_000 < Date.now() || this.ended.has(sub)) return undefined;
      return people.find(({ id }) => id === sub);
    } catch {
      return undefined;
    }
  }

  /** Locked or signed out: who wants to go on signs in again. */
  endSessionOf(id: string | undefined): void {
    if (id) this.ended.add(id);
  }

  /** As when the session has run out: tokens are refused, and who wants to go on signs in again. */
  endSessions(): void {
    for (const { id } of people) this.ended.add(id);
  }
}
