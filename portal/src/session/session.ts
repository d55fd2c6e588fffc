import {
  type Asked,
  buildRequest,
  claimsOf,
  exchange,
  refresh,
  SignInNeeded,
  signInSilently,
  signOutAddress,
  type Tokens,
} from './oidc.ts';
import { type Person, personOf } from './person.ts';

/** `ended`: somebody was signed in on this page and has to be again, over it; nothing of the page is lost. */
export type SessionState =
  | { is: 'unknown' | 'signed-out' }
  | { is: 'signed-in' | 'ended'; person: Person }
  | { is: 'unreachable'; error: unknown };

/** Seconds before its end at which a token is renewed. */
const spareSeconds = 60;
const askedAt = 'cabinet.sign-in';
const channelName = 'cabinet.sign-in';
/** The name of the window in which somebody signs in again over the page. */
export const signInWindow = 'cabinet-sign-in';

/** The sign-in of this page. Its tokens are in memory alone: whoever reloads is known again by the issuer's cookie. */
class Session {
  private tokens: Tokens | undefined;
  private state: SessionState = { is: 'unknown' };
  private readonly listeners = new Set<() => void>();
  private renewing: Promise<void> | undefined;
  private finishing: Promise<string> | undefined;

  readonly current = (): SessionState => this.state;
  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Finds who is signed in at this browser, once a page. */
  async find(): Promise<void> {
    if (this.state.is !== 'unknown' && this.state.is !== 'unreachable') return;
    try {
      this.take(await signInSilently());
    } catch (error) {
      this.become(error instanceof SignInNeeded ? { is: 'signed-out' } : { is: 'unreachable', error });
    }
  }

  /** Leaves the page for the issuer's, to come back at `continueAt`. */
  async signIn(continueAt: string): Promise<void> {
    const { url, asked } = await buildRequest(continueAt);
    // At one of its other addresses the practice signs nobody in: cookies and the page's policy are of the first.
    if (url.origin !== location.origin) return location.assign(new URL(continueAt, url.origin));
    sessionStorage.setItem(askedAt, JSON.stringify(asked));
    location.assign(url);
  }

  /** What to do on the page to which the issuer leads back; returns where to go on. Asked twice, it is done once. */
  finish(answer: URLSearchParams): Promise<string> {
    this.finishing ??= this.finishNow(answer);
    return this.finishing;
  }

  private async finishNow(answer: URLSearchParams): Promise<string> {
    const text = sessionStorage.getItem(askedAt);
    sessionStorage.removeItem(askedAt);
    // Whoever comes back by the browser's button, or by an old tab, asked nothing.
    if (!text) return '/';
    const asked: Asked = JSON.parse(text);
    this.take(await exchange(asked, answer));
    return asked.continueAt;
  }

  /** Signs in again over the page, in a window of its own. Another person gets a page of their own. */
  async signInAgain(): Promise<void> {
    // Opened at once, in the click that asked for it; else browsers block it.
    const opened = window.open('about:blank', signInWindow, 'popup,width=480,height=720');
    const { url, asked } = await buildRequest('/', 'login');
    if (!opened) return this.signIn(location.pathname + location.search);
    const answered = nextAnswer();
    opened.location.replace(url);
    this.take(await exchange(asked, await answered));
  }

  /** A token that is good for a while. Waits, without end, for somebody who has to sign in again. */
  async accessToken(): Promise<string> {
    if (this.isSpent()) await this.renew();
    if (this.state.is === 'ended') await this.signedInAgain();
    if (!this.tokens) throw new SignInNeeded('nobody is signed in');
    return this.tokens.accessToken;
  }

  /** The token was refused though it should be good: rights have changed, or the session has ended elsewhere. */
  noteRefused(): void {
    if (this.tokens) this.tokens = { ...this.tokens, accessToken: '' };
  }

  /** Takes the tokens off the page, which stays as it is below the sign-in. */
  end(): void {
    this.tokens = undefined;
    if (this.state.is === 'signed-in') this.become({ is: 'ended', person: this.state.person });
  }

  /** For who has left the screen: the session waits for its user alone, at this screen and for whoever has its cookie. */
  lock(): void {
    const { accessToken } = this.tokens ?? {};
    this.end();
    const told = fetch('/api/auth/lock', { method: 'POST', headers: { authorization: `Bearer ${accessToken}` } });
    // Unlocked it ends by itself; the screen is covered either way.
    told.catch(() => undefined);
  }

  async signOut(): Promise<void> {
    const { idToken } = this.tokens ?? {};
    this.tokens = undefined;
    location.assign(idToken ? await signOutAddress(idToken) : '/');
  }

  private isSpent(): boolean {
    if (!this.tokens) return this.state.is === 'signed-in';
    if (this.tokens.accessToken === '') return true;
    return Number(claimsOf(this.tokens.accessToken).exp) - Date.now() / 1_000 < spareSeconds;
  }

  private renew(): Promise<void> {
    this.renewing ??= this.renewNow().finally(() => {
      this.renewing = undefined;
    });
    return this.renewing;
  }

  private async renewNow(): Promise<void> {
    // Shown twice it would end the session, so it is forgotten before its answer is known.
    const { refreshToken } = this.tokens ?? {};
    if (this.tokens) this.tokens = { ...this.tokens, refreshToken: undefined };
    try {
      this.take(await (refreshToken ? refresh(refreshToken).catch(signInSilently) : signInSilently()));
    } catch (error) {
      if (!(error instanceof SignInNeeded)) throw new TypeError('the sign-in could not be renewed', { cause: error });
      this.end();
    }
  }

  private take(tokens: Tokens): void {
    const person = personOf(tokens);
    const before = 'person' in this.state ? this.state.person : undefined;
    if (before && before.id !== person.id) {
      // What stands on the page is somebody else's.
      location.replace('/');
      return;
    }
    this.tokens = tokens;
    this.become({ is: 'signed-in', person });
  }

  private signedInAgain(): Promise<void> {
    return new Promise((resolve) => {
      const stop = this.subscribe(() => {
        if (this.state.is !== 'signed-in') return;
        stop();
        resolve();
      });
    });
  }

  private become(state: SessionState): void {
    this.state = state;
    for (const listener of this.listeners) listener();
  }
}

function nextAnswer(): Promise<URLSearchParams> {
  const channel = new BroadcastChannel(channelName);
  return new Promise((resolve) => {
    channel.onmessage = ({ data }) => {
      channel.close();
      resolve(new URLSearchParams(String(data)));
    };
  });
}

/** In the window of a sign-in over the page: tells the page what the issuer answered. */
export function passAnswerOn(search: string): void {
  new BroadcastChannel(channelName).postMessage(search);
  window.close();
}

export const session = new Session();
