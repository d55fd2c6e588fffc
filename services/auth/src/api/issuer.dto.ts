import type { Activity } from '../domain/identity.js';
import type { Arrived } from '../domain/sign-in-elsewhere.js';
import type { TrustedIssuer } from '../domain/trusted-issuer.js';
import type { TokenResponse } from './session.dto.js';
import { toTokenResponse } from './session.dto.js';

/**
 * The name of an issuer, as the operator has written it down.
 * @pattern ^[a-z0-9-]{1,40}$
 * @example "pro-sante-connect"
 */
export type IssuerId = string;

/**
 * A path of our own pages.
 * @pattern ^/([A-Za-z0-9_-][A-Za-z0-9_./?=&%-]*)?$
 * @maxLength 500
 * @example "/agenda"
 */
export type OwnPath = string;

export interface IssuerResponse {
  id: IssuerId;
  /** @example "Pro Santé Connect" */
  name: string;
  /** What it is, for the button that it has to have. */
  kind: 'keycloak' | 'pro-sante-connect' | 'france-connect-plus' | 'generic';
}

export interface IssuerList {
  items: IssuerResponse[];
}

export interface LeaveRequest {
  /** Where the browser goes on in our pages, once its user is signed in; the first page when it is left out. */
  continueAt?: OwnPath;
}

export interface LeaveResponse {
  /**
   * Where the browser goes to sign in.
   * @example "https://auth.esw.esante.gouv.fr/auth/realms/esante-wallet/protocol/openid-connect/auth?client_id=practice"
   */
  continueAt: string;
}

export interface ArriveRequest {
  /**
   * What stands in the address that the issuer has sent the browser to, from the question mark.
   * @maxLength 6000
   * @example "?code=SplxlOBeZQQYbYS6WxSbIA&state=af0ifjsldkj"
   */
  answer: string;
}

export interface AnswersRequest {
  /**
   * Which of the activities is the one of this session.
   * @maxLength 20
   * @example "0-1"
   */
  activity?: string;
  /**
   * Of an app that makes codes, or a recovery code.
   * @maxLength 40
   * @example "492039"
   */
  code?: string;
}

export interface ActivityResponse {
  /** @example "0-1" */
  id: string;
  /**
   * FINESS number of the place.
   * @example "750300360"
   */
  site?: string;
  /** @example "Cabinet du Dr Martin" */
  siteName?: string;
  /**
   * Code of the profession in the national list.
   * @example "10"
   */
  profession: string;
}

export interface ArriveResponse {
  /** Set when somebody is signed in, as by `POST /api/auth/login`. */
  signedIn?: TokenResponse;
  /** Where the browser goes on, once somebody is. */
  continueAt?: OwnPath;
  /** Set when something has to be said first. */
  asks?: 'activity' | 'code';
  activities?: ActivityResponse[];
}

export interface LeftResponse {
  /** Where the browser goes to sign out there as well; left out where there is nothing to sign out of. */
  continueAt?: string;
}

/** A public key that something is encrypted to (RFC 7517). */
export interface EncryptionKey {
  /** @example "RSA" */
  kty: string;
  crv?: string;
  x?: string;
  y?: string;
  n?: string;
  e?: string;
  /** @example "RSA-OAEP" */
  alg?: string;
  /** @example "enc" */
  use?: string;
  kid?: string;
}

export interface EncryptionKeyList {
  keys: EncryptionKey[];
}

export const toIssuerResponse = ({ id, name, kind }: TrustedIssuer): IssuerResponse => ({ id, name, kind });

const toActivityResponse = ({ id, site, siteName, profession }: Activity): ActivityResponse => ({
  id,
  site,
  siteName,
  profession,
});

export const toArriveResponse = (arrived: Arrived): ArriveResponse =>
  'asks' in arrived
    ? { asks: arrived.asks, activities: arrived.activities.map(toActivityResponse) }
    : { signedIn: toTokenResponse(arrived), continueAt: arrived.continueAt };
