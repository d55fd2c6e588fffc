import type { EventEmitter } from 'node:events';
import type { Clock } from '@cabinet/kit/clock';
import type { Logger } from '@cabinet/kit/observe/log';
import type { JWK } from 'jose';
import Provider, { type Configuration, errors, interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider';
import { factorNeeded, interactionCookieName, type Scope } from '../../domain/interaction.js';
import type { KeepSessions } from '../../domain/keep-sessions.js';
import type { OidcClient } from '../../domain/oidc-client.js';
import type { Sessions } from '../../domain/ports.js';
import { sessionMsMax } from '../../domain/session.js';
import { accessTokenSeconds, type JwtIssuer } from '../jwt-issuer.js';
import { adapterOf, untoldOf } from './adapter.js';
import type { OidcState } from './oidc-state.js';

/** Where browsers answer what clients ask. */
export const interactionPath = (id: string): string => `/api/auth/login/interactions/${id}`;

export interface Page {
  text: string;
  headers: Record<string, string>;
}

/** What browsers are shown that are not led on. */
export interface OidcPages {
  /** @param form what has to be sent, as HTML with the id `op.logoutForm` @param leadsTo where the browser goes on */
  askToSignOut(form: string, leadsTo?: string): Page;
  /** Sends the form by itself. */
  signOut(form: string, leadsTo?: string): Page;
  signedOut(): Page;
  refused(reason: { error: string; error_description?: string }): Page;
}

export interface ProviderParts {
  /** Its address as everybody outside knows it. */
  issuer: string;
  clients: readonly OidcClient[];
  state: OidcState;
  sessions: KeepSessions;
  stored: Pick<Sessions, 'noteUse'>;
  tokens: Pick<JwtIssuer, 'claimsOf'>;
  pages: OidcPages;
  clock: Clock;
  log: Logger;
}

/** What access tokens are for; which of our services asks for one is not known to clients. */
const api = 'urn:cabinet:api';
const actsForUser: Scope = 'cabinet';

const interactionSeconds = 600;
const sessionSeconds = sessionMsMax / 1_000;

/** What the library has and its types do not: a client is sent a token that says who was signed out. */
export interface ToldClient {
  backchannelLogoutUri?: string;
  backchannelLogout(sessionId: string, sid?: string): Promise<void>;
}

/** A form that sends itself would need a script within the page, which the policy of pages does not let run. */
class ProviderWithoutForms extends Provider {
  declare modes: string[];

  override registerResponseMode(...[name, handler]: Parameters<Provider['registerResponseMode']>): void {
    if (name === 'form_post') return;
    this.modes = [...(this.modes ?? []), name];
    super.registerResponseMode(name, handler);
  }
}

/** @param signing private keys, the one in use first */
export function buildProvider(parts: ProviderParts, signing: readonly JWK[]): Provider {
  const { issuer, state, log } = parts;
  const provider = new ProviderWithoutForms(issuer, configurationOf(parts, signing));
  const isOwn = isOwnAmong(parts.clients);
  const { payload } = provider.IdToken.prototype;
  // To the provider an account is a session; what clients are told is whose. Our own hears which as well, to sign out of it.
  provider.IdToken.prototype.payload = async function () {
    const said = await payload.call(this);
    const sub = await state.userOf(said.sub as string);
    const sid = isOwn(this.client.clientId) && { sid: said.sub };
    return sub ? { ...said, ...sid, sub } : said;
  };
  provider.proxy = true;
  provider.use(async (ctx, next) => {
    await next();
    const { route, session } = (ctx as Partial<KoaContextWithOIDC>).oidc ?? {};
    if (route === 'discovery') Object.assign(ctx.body as object, { response_modes_supported: provider.modes });
    const isOut = route === 'end_session_confirm' && (session as { destroyed?: boolean } | undefined)?.destroyed;
    if (isOut && session?.accountId) await state.endSessions([session.accountId]);
    // Whose session has ended already is led on at once, by a script of ours: its own the policy of pages does not let run.
    const { secret } = (session?.state ?? {}) as { secret?: string };
    if (route === 'end_session' && ctx.status === 200 && !session?.accountId && secret) {
      const here = ctx as unknown as KoaContextWithOIDC;
      const form = signOutForm(here.oidc.urlFor('end_session_confirm'), secret);
      show(here, parts.pages.signOut(form, leadsTo(here.oidc.params)));
    }
  });
  provider.on('server_error', (_ctx, error) => log.error({ err: error }, 'OpenID Connect failed'));
  provider.on('backchannel.error', (ctx, error, client) => {
    // Who stays signed in here after all leaves that client alone.
    if (ctx.oidc.params?.logout) untoldOf(ctx).push(client.clientId);
    log.warn({ err: error, client: client.clientId }, 'a client was not told of a sign-out');
  });
  (provider as EventEmitter).on('error', (error) => log.error({ err: error }, 'OpenID Connect failed'));
  return provider;
}

function configurationOf(parts: ProviderParts, signing: readonly JWK[]): Configuration {
  const { issuer, clients, state, sessions, stored, tokens, pages, clock } = parts;
  const isOwn = isOwnAmong(clients);
  const mayAct = (id: string) => clients.some((client) => client.id === id && client.scopes.includes(actsForUser));
  const cookie = { httpOnly: true, sameSite: 'lax', secure: issuer.startsWith('https:') } as const;
  const named = (name: string) => (cookie.secure ? `__Secure-${name}` : name);
  return {
    adapter: adapterOf(state),
    jwks: { keys: signing as never },
    clients: clients.map(metadataOf),
    responseTypes: ['code'],
    allowOmittingSingleRegisteredRedirectUri: false,
    pkce: { required: () => true },
    scopes: ['openid'],
    claims: { openid: ['sub'], email: ['email'], auth_time: null, iss: null, sid: null },
    enabledJWA: { idTokenSigningAlgValues: ['ES256'], clientAuthSigningAlgValues: ['ES256'] },
    clientAuthMethods: ['none', 'private_key_jwt'],
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    cookies: {
      names: {
        session: named('cabinet_oidc'),
        interaction: named(interactionCookieName),
        resume: named('cabinet_interaction_resume'),
      },
      long: { ...cookie, path: new URL(issuer).pathname },
      short: cookie,
    },
    ttl: {
      AccessToken: accessTokenSeconds,
      AuthorizationCode: 60,
      IdToken: accessTokenSeconds,
      Interaction: interactionSeconds,
      // One in which nobody is signed in holds no more than a question whether to sign out.
      Session: (_ctx, session) => (session.accountId ? sessionSeconds : interactionSeconds),
      Grant: sessionSeconds,
      RefreshToken: sessionSeconds,
    },
    features: {
      devInteractions: { enabled: false },
      dPoP: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      userinfo: { enabled: false },
      revocation: { enabled: true, allowedPolicy: (_ctx, client, token) => token.clientId === client.clientId },
      backchannelLogout: { enabled: true },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource(ctx, form) {
          const { session, params, entities } = ctx.oidc;
          // What our own portal was given in this very session proves that its user has asked; others may be led here by anybody.
          const hint = entities.IdTokenHint?.payload;
          const isAsked = isOwn(String(hint?.aud)) && hint?.sid !== undefined && hint.sid === session?.accountId;
          show(ctx, isAsked ? pages.signOut(form, leadsTo(params)) : pages.askToSignOut(form, leadsTo(params)));
        },
        postLogoutSuccessSource: (ctx) => show(ctx, pages.signedOut()),
      },
      resourceIndicators: {
        enabled: true,
        defaultResource: (ctx, client, oneOf) =>
          oneOf ?? (asks(ctx, actsForUser) && mayAct(client.clientId) ? api : []),
        useGrantedResource: () => true,
        getResourceServerInfo(_ctx, indicator, client) {
          if (indicator !== api || !mayAct(client.clientId)) throw new errors.InvalidTarget();
          return {
            scope: actsForUser,
            audience: 'cabinet',
            accessTokenFormat: 'jwt',
            accessTokenTTL: accessTokenSeconds,
            jwt: { sign: { alg: 'ES256' } },
          };
        },
      },
    },
    interactions: {
      policy: policyOf(state, sessions, isOwn),
      url: (_ctx, interaction) => interactionPath(interaction.uid),
    },
    issueRefreshToken: (_ctx, client) => client.grantTypeAllowed('refresh_token'),
    rotateRefreshToken: true,
    expiresWithSession: () => true,
    clientBasedCORS: (_ctx, origin, client) =>
      client.redirectUris?.some((uri) => URL.parse(uri)?.origin === origin) ?? false,
    // Where clients are told of sign-outs is what the operator has written, in the practice's own network as well.
    fetch: (url, { dispatcher: _guarded, ...options }: RequestInit & { dispatcher?: unknown } = {}) =>
      fetch(url, options),
    renderError: (ctx, out) => show(ctx, pages.refused(out)),
    async findAccount(ctx, sessionId) {
      const found = await sessions.findSignedIn(sessionId);
      if (!found) return undefined;
      if (ctx.oidc.route === 'token') await stored.noteUse(sessionId, clock.now());
      const { id: sub, email } = found.user;
      return { accountId: sessionId, claims: () => ({ sub, email }) };
    },
    async loadExistingGrant(ctx) {
      const { client, session, result, provider } = ctx.oidc;
      const grantId = result?.consent?.grantId ?? session?.grantIdFor(client?.clientId as string);
      const known = grantId ? await provider.Grant.find(grantId) : undefined;
      if (known || !client || !isOwn(client.clientId)) return known;
      const grant = new provider.Grant({ accountId: session?.accountId, clientId: client.clientId });
      grant.addOIDCScope('openid email');
      grant.addResourceScope(api, actsForUser);
      await grant.save();
      return grant;
    },
    formats: {
      customizers: {
        /** An access token says what those of `POST /api/auth/login` say, so that every process takes it. */
        async jwt(_ctx, token, jwt) {
          const found = token.scope?.split(' ').includes(actsForUser)
            ? await sessions.findSignedIn((token as { accountId?: string }).accountId as string)
            : undefined;
          // Whoever has not been allowed to act for the user gets no token that our services would take.
          if (!found) throw new errors.InvalidTarget('the scope does not allow this');
          const claims = await tokens.claimsOf(found.user, found.session, clock.now());
          jwt.payload = { ...claims, client_id: token.clientId, scope: token.scope } as never;
        },
      },
    },
  };
}

/**
 * A hint at another user asks for a sign-in; the provider would compare it with the session, which is its account. So does, for
 * others than our own portal, a session in which nothing may be done yet but adding a second factor.
 */
function policyOf(state: OidcState, sessions: KeepSessions, isOwn: (clientId: string) => boolean) {
  const { Check, base } = interactionPolicy;
  const policy = base();
  const { checks } = policy.get('login') as interactionPolicy.Prompt;
  checks.remove('id_token_hint');
  checks.add(
    new Check('id_token_hint', 'somebody else is signed in', 'login_required', async ({ oidc }) => {
      const hinted = oidc.entities.IdTokenHint?.payload.sub;
      if (hinted === undefined) return Check.NO_NEED_TO_PROMPT;
      const { accountId } = oidc.session ?? {};
      const isSame = accountId !== undefined && (await state.userOf(accountId)) === hinted;
      return isSame ? Check.NO_NEED_TO_PROMPT : Check.REQUEST_PROMPT;
    }),
  );
  checks.add(
    new Check(factorNeeded, 'a second factor has to be added first', 'login_required', async ({ oidc }) => {
      const { accountId } = oidc.session ?? {};
      if (accountId === undefined || isOwn(oidc.client?.clientId as string)) return Check.NO_NEED_TO_PROMPT;
      const isEnrolling = (await sessions.findSignedIn(accountId))?.session.enrolling;
      return isEnrolling ? Check.REQUEST_PROMPT : Check.NO_NEED_TO_PROMPT;
    }),
  );
  return policy;
}

const leadsTo = (params: Record<string, unknown> | undefined) => params?.post_logout_redirect_uri as string | undefined;

/** As the provider makes it for whoever has a session: its secret is of the cookie. */
const signOutForm = (action: string, secret: string) =>
  `<form id="op.logoutForm" method="post" action="${action}"><input type="hidden" name="xsrf" value="${secret}"/></form>`;

const isOwnAmong = (clients: readonly OidcClient[]) => (id: string) =>
  clients.some((client) => client.id === id && client.isOwn);

function show(ctx: KoaContextWithOIDC, { text, headers }: Page): void {
  ctx.set(headers);
  ctx.body = text;
}

const asks = ({ oidc }: KoaContextWithOIDC, scope: Scope): boolean =>
  String(oidc.params?.scope ?? '')
    .split(' ')
    .includes(scope);

const metadataOf = (client: OidcClient) => ({
  client_id: client.id,
  client_name: client.name,
  redirect_uris: client.redirectUris,
  post_logout_redirect_uris: client.postLogoutRedirectUris,
  backchannel_logout_uri: client.backchannelLogoutUri,
  backchannel_logout_session_required: client.backchannelLogoutUri !== undefined,
  // What our services may be asked is said by `getResourceServerInfo`.
  scope: client.scopes.filter((scope) => scope !== actsForUser).join(' '),
  grant_types: ['authorization_code', 'refresh_token'],
  ...(client.publicKey
    ? {
        token_endpoint_auth_method: 'private_key_jwt' as const,
        token_endpoint_auth_signing_alg: 'ES256' as const,
        jwks: { keys: [client.publicKey as never] },
      }
    : { token_endpoint_auth_method: 'none' as const }),
});
