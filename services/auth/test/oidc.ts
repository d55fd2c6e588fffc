import { randomUUID } from 'node:crypto';
import * as client from 'openid-client';
import { type Caller, caller } from '../../../tests/support/http.ts';
import { type Auth, buildUser, goodPassword, startAuthForTest } from './support.ts';

/** Where the practice is reached from outside; what tests ask of it goes to the service itself. */
export const practice = 'https://practice.example';
export const issuer = `${practice}/api/oidc`;

export const lab = 'https://lab.example/callback';
export const portal = `${practice}/signed-in`;

export interface Config {
  /** Where clients are told of sign-outs. */
  backchannelLogoutUri?: string;
}

export const startProvider = ({ backchannelLogoutUri }: Config = {}, settings = {}): Promise<Auth> =>
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
        { id: 'reader', name: 'Reader', redirectUris: [lab], postLogoutRedirectUris: [], scopes: ['openid'] },
      ],
      ...settings,
    },
    {},
    new Date().toISOString(),
  );

/** The other side: a client that knows nothing of us but the issuer. */
export const discover = (auth: Auth, clientId: string): Promise<client.Configuration> =>
  client.discovery(new URL(issuer), clientId, undefined, client.None(), {
    [client.customFetch]: (url, options) => fetch(inside(auth, url), options as RequestInit),
  });

const inside = (auth: Auth, url: string | URL): string => String(url).replace(practice, auth.base);

interface Seen {
  status: number;
  /** Where it leads. */
  location?: string;
  headers: Headers;
  text: string;
}

/** A browser's cookies, and what it shows. */
export class Tab {
  private readonly cookies: { name: string; value: string; path: string }[] = [];

  constructor(
    private readonly auth: Auth,
    beside?: Tab,
  ) {
    if (beside) this.cookies = beside.cookies;
  }

  async ask(method: string, address: string | URL, body?: string, headers: Record<string, string> = {}): Promise<Seen> {
    const url = new URL(address, practice);
    const answer = await fetch(inside(this.auth, url), {
      method,
      redirect: 'manual',
      body,
      headers: {
        accept: 'text/html',
        'x-forwarded-proto': 'https',
        'x-forwarded-host': 'practice.example',
        'x-forwarded-for': '203.0.113.7',
        cookie: this.cookiesFor(url.pathname),
        ...headers,
      },
    });
    for (const line of answer.headers.getSetCookie()) this.keep(line);
    const location = answer.headers.get('location') ?? undefined;
    return { status: answer.status, location, headers: answer.headers, text: await answer.text() };
  }

  /** Goes where it is led, until it is shown something or has left the practice. */
  async go(address: string | URL): Promise<Seen & { at: URL }> {
    let at = new URL(address, practice);
    let seen = await this.ask('GET', at);
    while (seen.location) {
      at = new URL(seen.location, at);
      if (at.origin !== practice || at.pathname === '/signed-in') return { ...seen, at };
      seen = await this.ask('GET', at);
    }
    return { ...seen, at };
  }

  json: Caller = async (method, path, body, headers = {}) => {
    const sent = { 'content-type': 'application/json', origin: practice, ...headers };
    const seen = await this.ask(method, path, body === undefined ? undefined : JSON.stringify(body), sent);
    return { ...seen, body: seen.text ? JSON.parse(seen.text) : undefined };
  };

  /** What the page's script does. */
  async signIn(email: string): Promise<void> {
    this.auth.clock.set(new Date());
    const answer = await this.json('POST', '/api/auth/login', { email, password: goodPassword });
    if (answer.status !== 200) throw new Error(`not signed in: ${JSON.stringify(answer.body)}`);
  }

  /** @param at the page of the question @returns where the browser ends up */
  async answer(at: URL, answer: 'sign-in' | 'allow' | 'refuse') {
    const told = await this.json('POST', at.pathname, { answer });
    if (told.status !== 200) throw new Error(`not answered: ${told.status} ${JSON.stringify(told.body)}`);
    return this.go(told.body.continueAt);
  }

  cookieNamed = (name: string) => this.cookies.find((each) => each.name === name);

  private keep(line: string): void {
    const [pair = '', ...attributes] = line.split('; ');
    const [name = '', value = ''] = pair.split(/=(.*)/s);
    const path = attributes.find((each) => /^path=/i.test(each))?.slice(5) ?? '/';
    const isOver = attributes.some((each) => /^max-age=0$|^expires=Thu, 01 Jan 1970/i.test(each));
    const old = this.cookies.findIndex((each) => each.name === name && each.path === path);
    if (old >= 0) this.cookies.splice(old, 1);
    if (!isOver) this.cookies.push({ name, value, path });
  }

  private cookiesFor(path: string): string {
    const fits = this.cookies.filter((each) => path === each.path || path.startsWith(each.path.replace(/\/?$/, '/')));
    return fits.map(({ name, value }) => `${name}=${value}`).join('; ');
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
