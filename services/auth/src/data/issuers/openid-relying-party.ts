import { readFile } from 'node:fs/promises';
import { type Clock, systemClock } from '@cabinet/kit/clock';
import { DomainError } from '@cabinet/kit/errors';
import type { Logger } from '@cabinet/kit/observe/log';
import { importPKCS8 } from 'jose';
import type * as OpenIdClient from 'openid-client';
import type { Begun } from '../../domain/begun-sign-in.js';
import { IssuerNotBelieved, IssuerUnreachable, RefusedElsewhere } from '../../domain/errors-elsewhere.js';
import { type Identity, identityOf, type SessionElsewhere } from '../../domain/identity.js';
import type { RelyingParty } from '../../domain/ports.js';
import type { TrustedIssuer } from '../../domain/trusted-issuer.js';
import type { EncryptionKeys } from './encryption-keys.js';
import { assertOfIssuer, fetchOf } from './guarded-fetch.js';

/** Where browsers come back from an issuer; each has its own, so that none is taken for another (RFC 9700, section 4.4). */
export const returnPath = (issuerId: string): string => `/api/auth/login/issuers/${issuerId}/callback`;

interface Parts {
  issuers: readonly TrustedIssuer[];
  /** Where our pages come from, as everybody outside knows it. */
  origin: string;
  keys: EncryptionKeys;
  clock: Clock;
  log: Logger;
}

const secondsMax = 5;
const discoveredMs = 10 * 60_000;

/** The other side of OpenID Connect. The library is loaded when somebody first signs in elsewhere. */
export class OpenIdRelyingParty implements RelyingParty {
  private readonly discovered = new Map<string, { server: OpenIdClient.ServerMetadata; at: number }>();

  constructor(private readonly parts: Parts) {}

  async addressFor(issuer: TrustedIssuer, { state, nonce, verifier }: Begun): Promise<string> {
    const { library, configuration } = await this.configured(issuer);
    const address = library.buildAuthorizationUrl(configuration, {
      redirect_uri: this.returnAddress(issuer),
      scope: issuer.scopes.join(' '),
      ...(issuer.acr.length > 0 && { acr_values: issuer.acr.join(' ') }),
      state,
      nonce,
      code_challenge: await library.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    });
    assertOfIssuer(issuer, address);
    return address.href;
  }

  async identityOf(issuer: TrustedIssuer, search: string, { state, nonce, verifier }: Begun): Promise<Identity> {
    const { library, configuration } = await this.configured(issuer);
    const arrivedAt = new URL(this.returnAddress(issuer));
    arrivedAt.search = search;
    try {
      // Keys are read each time: an issuer may have changed them a moment ago, and a code is good once.
      const tokens = await library.authorizationCodeGrant(configuration, arrivedAt, {
        pkceCodeVerifier: verifier,
        expectedState: state,
        expectedNonce: nonce,
        idTokenExpected: true,
      });
      this.assertEncrypted(issuer, library.getDecryptedResponses(tokens));
      const claims = tokens.claims() as Record<string, unknown> & { sub: string };
      const more = configuration.serverMetadata().userinfo_endpoint
        ? await this.userinfo(issuer, library, configuration, tokens.access_token, claims.sub)
        : {};
      // How somebody has shown who they are is said by the ID token alone.
      return identityOf(issuer, { ...more, ...claims }, decryptedOf(library, tokens));
    } catch (error) {
      throw this.refusal(issuer, library, error);
    }
  }

  async signOutAddress(there: SessionElsewhere): Promise<string | undefined> {
    const issuer = this.parts.issuers.find(({ id }) => id === there.issuerId);
    if (!issuer) return undefined;
    const configured = await this.configured(issuer).catch((error) => {
      this.parts.log.warn({ issuer: issuer.id, reason: error.code }, 'a sign-out is not told to an issuer');
      return undefined;
    });
    if (!configured?.configuration.serverMetadata().end_session_endpoint) return undefined;
    const address = configured.library.buildEndSessionUrl(configured.configuration, {
      id_token_hint: there.idToken,
      post_logout_redirect_uri: new URL('/', this.parts.origin).href,
    });
    assertOfIssuer(issuer, address);
    return address.href;
  }

  /** Where the issuer's keys are. @throws IssuerUnreachable (503), IssuerNotBelieved (401) */
  async keysAddress(issuer: TrustedIssuer): Promise<string> {
    const { jwks_uri: address } = await this.server(issuer, await import('openid-client'));
    if (!address) throw new IssuerNotBelieved('no keys');
    return address;
  }

  private async userinfo(
    issuer: TrustedIssuer,
    library: typeof OpenIdClient,
    configuration: OpenIdClient.Configuration,
    accessToken: string,
    sub: string,
  ): Promise<object> {
    const told = await library.fetchUserInfo(configuration, accessToken, sub);
    this.assertEncrypted(issuer, library.getDecryptedResponses(told));
    return told;
  }

  /** @param decrypted what the library has decrypted; undefined when nothing was encrypted */
  private assertEncrypted({ encryption }: TrustedIssuer, decrypted: unknown): void {
    if (encryption && !decrypted) throw new IssuerNotBelieved('not encrypted');
  }

  private async configured(issuer: TrustedIssuer) {
    const library = await import('openid-client');
    const server = await this.server(issuer, library);
    const { encryption, signedBy } = issuer;
    const { clock } = this.parts;
    const configuration = new library.Configuration(
      server,
      issuer.clientId,
      {
        id_token_signed_response_alg: signedBy,
        ...(encryption && { userinfo_signed_response_alg: signedBy }),
        // The library asks the machine's clock.
        [library.clockSkew]: Math.round((clock.now().getTime() - systemClock.now().getTime()) / 1_000),
      },
      await clientAuthOf(issuer, library),
    );
    configuration[library.customFetch] = fetchOf(issuer) as OpenIdClient.CustomFetch;
    configuration.timeout = secondsMax;
    if (issuer.issuer.startsWith('http:')) library.allowInsecureRequests(configuration);
    library.enableNonRepudiationChecks(configuration);
    if (encryption) {
      library.enableDecryptingResponses(configuration, ['A256GCM'], ...(await this.parts.keys.opening(encryption)));
    }
    return { library, configuration };
  }

  private async server(issuer: TrustedIssuer, library: typeof OpenIdClient): Promise<OpenIdClient.ServerMetadata> {
    const known = this.discovered.get(issuer.id);
    const now = this.parts.clock.now().getTime();
    if (known && now - known.at < discoveredMs) return known.server;
    try {
      const found = await library.discovery(new URL(issuer.discovery), issuer.clientId, undefined, library.None(), {
        [library.customFetch]: fetchOf(issuer) as OpenIdClient.CustomFetch,
        timeout: secondsMax,
        ...(issuer.issuer.startsWith('http:') && { execute: [library.allowInsecureRequests] }),
      });
      const server = found.serverMetadata();
      if (server.issuer !== issuer.issuer) throw new IssuerNotBelieved('another issuer');
      this.discovered.set(issuer.id, { server, at: now });
      return server;
    } catch (error) {
      throw this.refusal(issuer, library, error);
    }
  }

  /** What is told of a failure, and noted without anything of the tokens. */
  private refusal({ id }: TrustedIssuer, library: typeof OpenIdClient, error: unknown): Error {
    const { code, cause } = error as { code?: string; cause?: unknown };
    const own = ownIn(error);
    const refusal = own ?? refusalOf(library, error);
    const reason = own ? String(own.cause ?? '') : (code ?? (cause as { code?: string } | undefined)?.code);
    this.parts.log.warn({ issuer: id, refusal: refusal.code, reason }, 'somebody was not signed in by an issuer');
    return refusal;
  }

  private returnAddress({ id }: TrustedIssuer): string {
    return new URL(returnPath(id), this.parts.origin).href;
  }
}

/** What we have thrown ourselves, below the library. */
function ownIn(error: unknown): DomainError | undefined {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth += 1) {
    if (at instanceof DomainError) return at;
  }
  return undefined;
}

function refusalOf(library: typeof OpenIdClient, error: unknown): DomainError {
  if (error instanceof library.AuthorizationResponseError) return new RefusedElsewhere();
  if (error instanceof library.ResponseBodyError) return new RefusedElsewhere();
  if ((error as { code?: string }).code === 'OAUTH_TIMEOUT') return new IssuerUnreachable();
  return new IssuerNotBelieved();
}

async function clientAuthOf({ secretFile, keyFile }: TrustedIssuer, library: typeof OpenIdClient) {
  if (secretFile) return library.ClientSecretPost((await readFile(secretFile, 'utf8')).trim());
  if (keyFile) return library.PrivateKeyJwt(await importPKCS8(await readFile(keyFile, 'utf8'), 'ES256'));
  return library.None();
}

/** An issuer that is shown its token again cannot open what was encrypted to us. */
function decryptedOf(library: typeof OpenIdClient, tokens: OpenIdClient.TokenEndpointResponse): string {
  const { id_token } = (library.getDecryptedResponses(tokens) ??
    {}) as OpenIdClient.DecryptedAuthorizationCodeResponses;
  return id_token?.token_endpoint ?? (tokens.id_token as string);
}
