import { refusalOf } from '../api/problem.ts';

/** Signs in by OpenID Connect: authorization code with PKCE, as the client `portal` of our own issuer (decision 31). */

const clientId = 'portal';
const scope = 'openid email cabinet';
/** As it says itself, where it is at our own address. */
const ownAuthorization = '/api/oidc/auth';

/** Where the issuer sends browsers back to. */
export const signedInPath = '/signed-in';

export interface Tokens {
  accessToken: string;
  refreshToken?: string;
  idToken: string;
}

/** What is remembered between asking and the answer. It is worth nothing to anybody else, and no token. */
export interface Asked {
  state: string;
  verifier: string;
  nonce: string;
  /** Where in the portal to go on. */
  continueAt: string;
}

/** Nobody is signed in at this browser, or the issuer wants to ask them something. */
export class SignInNeeded extends Error {}

/** Nobody is signed in at this address of the practice, nor can be: its cookies are those of another. */
export class KnownElsewhere extends SignInNeeded {
  /** @param origin that one: `http://localhost:8080` */
  constructor(readonly origin: string) {
    super(`sign-ins are at ${origin}`);
  }
}

interface Issuer {
  issuer: string;
  authorization_endpoint: string;
  token_endpoint: string;
  end_session_endpoint: string;
}

let found: Promise<Issuer> | undefined;

/** @throws Refused, TypeError when it cannot be asked; the next call asks again */
function findIssuer(): Promise<Issuer> {
  found ??= fetch('/api/oidc/.well-known/openid-configuration').then(async (answer) => {
    if (!answer.ok) throw refusalOf(answer, await bodyOf(answer));
    return answer.json();
  });
  found.catch(() => {
    found = undefined;
  });
  return found;
}

const base64url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');

const random = (): string => base64url(crypto.getRandomValues(new Uint8Array(32)));

/** @param prompt `none` asks nobody anything; `login` asks for a sign-in though there is one */
export async function buildRequest(continueAt: string, prompt?: 'none' | 'login'): Promise<{ url: URL; asked: Asked }> {
  const [issuer, { words, asked }] = await Promise.all([findIssuer(), wordsOf(continueAt, prompt)]);
  return { url: addressOf(issuer.authorization_endpoint, words), asked };
}

async function wordsOf(continueAt: string, prompt?: 'none' | 'login') {
  const asked: Asked = { state: random(), verifier: random(), nonce: random(), continueAt };
  const challenge = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(asked.verifier)));
  const words = new URLSearchParams({
    client_id: clientId,
    response_type: 'code',
    redirect_uri: new URL(signedInPath, location.origin).href,
    scope,
    state: asked.state,
    nonce: asked.nonce,
    code_challenge: base64url(challenge),
    code_challenge_method: 'S256',
    ...(prompt && { prompt }),
  });
  return { words, asked };
}

function addressOf(endpoint: string, words: URLSearchParams): URL {
  const url = new URL(endpoint);
  url.search = words.toString();
  return url;
}

/** Who is away, or has too much to do, says nothing of who is signed in. */
const isAway = ({ status }: Response): boolean => status === 429 || status >= 500;

/** Undefined where a proxy in between answers in its own words. */
const bodyOf = (answer: Response) => answer.json().catch(() => undefined);

/** What the issuer answered, exchanged for tokens. @throws SignInNeeded, Refused, Error */
export async function exchange(asked: Asked, answer: URLSearchParams): Promise<Tokens> {
  const { issuer } = await findIssuer();
  if (answer.get('state') !== asked.state) throw new Error('the answer is to another question');
  if (answer.get('iss') !== issuer) throw new Error('the answer comes from elsewhere (RFC 9207)');
  const code = answer.get('code');
  if (!code) throw new SignInNeeded(answer.get('error') ?? 'there is no code');
  const tokens = await askForTokens({
    grant_type: 'authorization_code',
    code,
    redirect_uri: new URL(signedInPath, location.origin).href,
    code_verifier: asked.verifier,
  });
  if (claimsOf(tokens.idToken).nonce !== asked.nonce) throw new Error('the tokens are of another sign-in');
  return tokens;
}

export const refresh = (refreshToken: string): Promise<Tokens> =>
  askForTokens({ grant_type: 'refresh_token', refresh_token: refreshToken });

/**
 * Who is signed in at this browser anyway, found without leaving the page. Every page waits for that, so the issuer is asked where it is
 * at our own address while it still says where it is; another address has no cookies of it, and nobody is signed in there.
 * @throws SignInNeeded, Refused, TypeError
 */
export async function signInSilently(): Promise<Tokens> {
  const { words, asked } = await wordsOf('/', 'none');
  const own = addressOf(new URL(ownAuthorization, location.origin).href, words);
  // The issuer leads back to our own address, whose words are the answer.
  const asking = fetch(own, { headers: { accept: 'text/html' } });
  asking.catch(() => undefined);
  const { authorization_endpoint } = await findIssuer();
  const known = addressOf(authorization_endpoint, words);
  if (known.origin !== own.origin) throw new KnownElsewhere(known.origin);
  if (known.href !== own.href) throw new SignInNeeded('another address');
  const seen = await asking;
  const { pathname, searchParams } = new URL(seen.url);
  if (pathname === signedInPath) return exchange(asked, searchParams);
  throw isAway(seen) ? refusalOf(seen, await bodyOf(seen)) : new SignInNeeded(`led to ${pathname}`);
}

async function askForTokens(words: Record<string, string>): Promise<Tokens> {
  const { token_endpoint } = await findIssuer();
  const answer = await fetch(token_endpoint, {
    method: 'POST',
    body: new URLSearchParams({ client_id: clientId, ...words }),
  });
  const told = await bodyOf(answer);
  if (!answer.ok) throw isAway(answer) ? refusalOf(answer, told) : new SignInNeeded(told?.error);
  return { accessToken: told.access_token, refreshToken: told.refresh_token, idToken: told.id_token };
}

/** Where a browser goes to end the sign-in, here and at all clients. */
export async function signOutAddress(idToken: string): Promise<string> {
  const url = new URL((await findIssuer()).end_session_endpoint);
  url.searchParams.set('id_token_hint', idToken);
  url.searchParams.set('client_id', clientId);
  url.searchParams.set('post_logout_redirect_uri', new URL('/', location.origin).href);
  return url.href;
}

/** What a token says. It came from the issuer itself, so its signature is for those who are shown it. */
export function claimsOf(token: string): Record<string, unknown> {
  const [, payload = ''] = token.split('.');
  const bytes = Uint8Array.from(atob(payload.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));
  return JSON.parse(new TextDecoder().decode(bytes));
}
