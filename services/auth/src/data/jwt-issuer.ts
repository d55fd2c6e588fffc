import { newId } from '@cabinet/kit/ids';
import { type JWTPayload, SignJWT } from 'jose';
import type { AccessToken, TokenIssuer } from '../domain/ports.js';
import type { Session } from '../domain/session.js';
import { type User, whileEnrolling } from '../domain/user.js';
import type { SigningKeys } from './signing-keys.js';

export const accessTokenSeconds = 600;

/** Access tokens as JWT (RFC 9068), in the form that every process of the practice verifies. */
export class JwtIssuer implements TokenIssuer {
  constructor(
    private readonly keys: SigningKeys,
    private readonly issuer: string,
  ) {}

  async issue(user: User, session: Session, now: Date): Promise<AccessToken> {
    const { kid, privateKey } = this.keys.keyRing.current;
    const accessToken = await new SignJWT(this.claimsOf(user, session, now))
      .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid })
      .sign(privateKey);
    return { accessToken, expiresInSeconds: accessTokenSeconds };
  }

  /** All that an access token says, whoever signs it. */
  claimsOf(user: User, session: Session, now: Date): JWTPayload {
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
      sid: session.id,
      access_version: user.accessVersion,
    };
  }
}
