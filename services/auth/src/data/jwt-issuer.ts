import type { ActsFor } from '@cabinet/kit/access/principal';
import { newId } from '@cabinet/kit/ids';
import { type JWTPayload, SignJWT } from 'jose';
import { roleOf } from '../domain/delegation.js';
import type { AccessToken, ActingFor, Delegations, TokenIssuer } from '../domain/ports.js';
import type { Session } from '../domain/session.js';
import { type User, whileEnrolling } from '../domain/user.js';
import type { SigningKeys } from './signing-keys.js';

export const accessTokenSeconds = 600;
/** By so much a service's clock may be behind auth's. */
const skewSeconds = 60;

/** Access tokens as JWT (RFC 9068), in the form that every process of the practice verifies. */
export class JwtIssuer implements TokenIssuer {
  constructor(
    private readonly keys: SigningKeys,
    private readonly actingFor: ActingFor,
    private readonly delegations: Pick<Delegations, 'to'>,
    private readonly issuer: string,
  ) {}

  async issue(user: User, session: Session, now: Date): Promise<AccessToken> {
    const { kid, privateKey } = this.keys.keyRing.current;
    const accessToken = await new SignJWT(await this.claimsOf(user, session, now))
      .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid })
      .sign(privateKey);
    return { accessToken, expiresInSeconds: accessTokenSeconds };
  }

  /**
   * All that an access token says, whoever signs it. For whom else the user may act or work is read after the user: when that has
   * changed in between, so has their `access_version`, and the token is good for nothing.
   */
  async claimsOf(user: User, session: Session, now: Date): Promise<JWTPayload> {
    const issuedAt = Math.floor(now.getTime() / 1_000);
    const { roles, patientId, practitionerId } = session.enrolling ? whileEnrolling : user;
    return {
      iss: this.issuer,
      aud: 'cabinet',
      sub: user.id,
      jti: newId(),
      iat: issuedAt,
      exp: issuedAt + accessTokenSeconds,
      roles,
      patientId,
      practitionerId,
      acts_for: roles.includes('patient') ? await this.actsForOf(patientId, now) : undefined,
      delegated: session.enrolling ? undefined : await this.delegatedTo(user, now),
      sid: session.id,
      access_version: user.accessVersion,
    };
  }

  private async actsForOf(patientId: string | undefined, now: Date) {
    const all = patientId ? await this.actingFor.of(patientId, now) : [];
    if (all.length === 0) return undefined;
    // What ends later is said by later tokens, so that those of many children stay small.
    const last = now.getTime() + (accessTokenSeconds + skewSeconds) * 1_000;
    const soon = (ends: ActsFor['ends'] = {}) => Object.entries(ends).filter(([, at]) => at.getTime() < last);
    return all.map(({ patientId: patient, as, sections, until, ends }) => ({
      patient,
      as,
      sections,
      until: until && secondsOf(until),
      ends:
        soon(ends).length > 0
          ? Object.fromEntries(soon(ends).map(([section, at]) => [section, secondsOf(at)]))
          : undefined,
    }));
  }

  private async delegatedTo({ id, roles }: User, now: Date) {
    if (!Object.values(roleOf).some((role) => roles.includes(role))) return undefined;
    const all = await this.delegations.to(id, roles, now);
    if (all.length === 0) return undefined;
    return all.map(({ practitionerId: practitioner, as, scopes, since, until }) => ({
      practitioner,
      as,
      scopes,
      since: since && secondsOf(since),
      until: until && secondsOf(until),
    }));
  }
}

const secondsOf = (time: Date): number => Math.floor(time.getTime() / 1_000);
