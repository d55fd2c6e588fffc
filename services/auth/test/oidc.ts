import { randomUUID } from 'node:crypto';
import * as client from 'openid-client';
import { Tab as Browser, inside, type Site } from '../../../tests/support/browser.ts';
import { type Caller, caller } from '../../../tests/support/http.ts';
import { type Auth, buildUser, goodPassword, startAuthForTest } from './support.ts';

/** Where the practice is reached from outside; what tests ask of it goes to the service itself. */
export const practice = 'https://practice.example';
export const issuer = `${practice}/api/oidc`;

export const lab = 'https://lab.example/callback';
export const portal = `${practice}/signed-in`;

export interface Config {
  /** Where the lab is told of sign-outs. */
  backchannelLogoutUri?: string;
  /** Where the reader is. */
  readerIsToldAt?: string;
}

export const startProvider = ({ backchannelLogoutUri, readerIsToldAt }: Config = {}, settings = {}): Promise<Auth> =>
  startAuthForTest(
    {
      PASSKEY_ORIGINS: [practice],
      OIDC_CLIENTS: [
        {
          id: 'lab',
          name: 'Lab <b>portal',
          redirectUris: [lab],
          postLogoutRedirectUris: ['https://lab.example/'],
          backchannelLogoutUri,
          scopes: ['openid', 'email', 'cabinet'],
        },
        {
          id: 'reader',
          name: 'Reader',
          redirectUris: [lab],
          postLogoutRedirectUris: [],
          backchannelLogoutUri: readerIsToldAt,
          scopes: ['openid'],
        },
      ],
      ...settings,
    },
    {},
    new Date().toISOString(),
  );

/** The other side: a client that knows nothing of us but the issuer. */
export const discover = (auth: Auth, clientId: string): Promise<client.Configuration> =>
  client.discovery(new URL(issuer), clientId, undefined, client.None(), {
    [client.customFetch]: (url, options) => fetch(inside(siteOf(auth), url), options as RequestInit),
  });

const siteOf = ({ base }: Auth): Site => ({
  address: practice,
  base,
  headers: { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'practice.example', 'x-forwarded-for': '203.0.113.7' },
});

/** A browser at the practice. */
export class Tab extends Browser {
  constructor(
    private readonly auth: Auth,
    beside?: Tab,
  ) {
    super(siteOf(auth), beside);
  }

  override signIn(email: string, password = goodPassword): Promise<void> {
    this.auth.clock.set(new Date());
    return super.signIn(email, password);
  }
}

/** A request as a client makes it, with what it remembers of it. */
export interface Asked {
  config: client.Configuration;
  url: URL;
  checks: { pkceCodeVerifier: string; expectedState: string; expectedNonce: string };
}

export async function ask(auth: Auth, clientId: string, more: Record<string, string> = {}): Promise<Asked> {
  const config = await discover(auth, clientId);
  const pkceCodeVerifier = client.randomPKCECodeVerifier();
  const checks = { pkceCodeVerifier, expectedState: randomUUID().toUpperCase(), expectedNonce: client.randomNonce() };
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: clientId === 'portal' ? portal : lab,
    scope: clientId === 'reader' ? 'openid' : 'openid email cabinet',
    code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
    state: checks.expectedState,
    nonce: checks.expectedNonce,
    ...more,
  });
  return { config, url, checks };
}

export const exchange = ({ config, checks }: Asked, at: URL) => client.authorizationCodeGrant(config, at, checks);

/** A user of their own at a browser of their own, who has let the client in. */
export async function letIn(auth: Auth, clientId: string, tab = new Tab(auth), user?: { id: string; email: string }) {
  const who = user ?? (await buildUser(auth));
  const asked = await ask(auth, clientId);
  const page = await tab.go(asked.url);
  await tab.signIn(who.email);
  let seen = await tab.answer(page.at, 'sign-in');
  if (seen.at.pathname.includes('/interactions/')) seen = await tab.answer(seen.at, 'allow');
  return { user: who, tab, asked, at: seen.at, tokens: await exchange(asked, seen.at) };
}

export const withToken = (auth: Auth, token: string): Caller => caller(auth.base, `Bearer ${token}`);

/** The code of the provider's refusal. */
export const refusalOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'not refused',
    (error) => error.error ?? error.code ?? String(error),
  );
