import { Refused } from '../api/problem.ts';
import { endSession, lockBy, lockSession } from './leave.ts';
import { signInHash } from './led-on.ts';
import {
  type Asked,
  buildRequest,
  claimsOf,
  exchange,
  KnownElsewhere,
  refresh,
  SignInNeeded,
  signInSilently,
  signOutAddress,
  type Tokens,
} from './oidc.ts';
import { type Person, personOf } from './person.ts';
import { noteBegin, noteLeft, secondsLeft } from './touches.ts';
import { hearWindows, tellWindows } from './windows.ts';

/** `ended`: somebody was signed in on this page and has to be again, over it; nothing of the page is lost. */
export type SessionState =
  | { is: 'unknown' }
  /** `elsewhere`: the address of the practice at which people sign in, where that is another. */
  | { is: 'signed-out'; elsewhere?: string }
  | { is: 'signed-in'; person: Person }
  | { is: 'ended'; person: Person; error?: unknown }
  | { is: 'unreachable'; error: unknown };

/** Seconds before its end at which a token is renewed. */
const spareSeconds = 60;
const askedAt = 'cabinet.sign-in';
/** The name of the window in which somebody signs in again over the page. */
export const signInWindow = 'cabinet-sign-in';

/** The sign-in of this page. Its tokens are in memory alone: whoever reloads is known again by the issuer's cookie. */
class Session {
  private tokens: Tokens | undefined;
  /** Until when the access token is good, by the clock here, be it right or wrong. */
  private goodUntil = 0;
  private state: SessionState = { is: 'unknown' };
  private readonly listeners = new Set<() => void>();
  private finding: Promise<void> | undefined;
  private renewing: Promise<void> | undefined;
  private finishing: Promise<string> | undefined;
  /** Proves to the issuer that its user asks to sign out; lets nobody in. */
  private idToken: string | undefined;

  constructor() {
    hearWindows((what) => (what === 'left' ? this.end() : void this.comeBack()));
  }

  readonly current = (): SessionState => this.state;
  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Finds who is signed in at this browser, once a page. Whoever has left it since is not: their session is locked. */
  find(): Promise<void> {
    this.finding ??= this.findNow().finally(() => {
      this.finding = undefined;
    });
    return this.finding;
  }

  private async findNow(): Promise<void> {
    if (this.state.is !== 'unknown' && this.state.is !== 'unreachable') return;
    try {
      const tokens = await signInSilently();
      if (secondsLeft(personOf(tokens).sessionId) > 0) return this.take(tokens);
      await lockBy(tokens);
      this.become({ is: 'signed-out' });
    } catch (error) {
      const elsewhere = error instanceof KnownElsewhere ? error.origin : undefined;
      this.become(error instanceof SignInNeeded ? { is: 'signed-out', elsewhere } : { is: 'unreachable', error });
    }
  }

  /** Leaves the page for the issuer's, to come back at `continueAt`. */
  async signIn(continueAt: string): Promise<void> {
    const { url, asked } = await buildRequest(continueAt);
    // At one of its other addresses the practice signs nobody in: cookies and the page's policy are of the first, which goes on with it.
    if (url.origin !== location.origin) return location.assign(new URL(continueAt + signInHash, url.origin));
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
    tellWindows('signed-in');
    // Whoever comes back by the browser's button, or by an old tab, asked nothing.
    if (!text) return '/';
    const asked: Asked = JSON.parse(text);
    this.take(await exchange(asked, answer));
    return asked.continueAt;
  }

  /** Signs in again over the page, in a window of its own, which tells all others. Another person gets a page of their own. */
  async signInAgain(): Promise<void> {
    // Opened at once, in the click that asked for it; else browsers block it.
    const opened = window.open('about:blank', signInWindow, 'popup,width=480,height=720');
    if (!opened) return this.signIn(location.pathname + location.search);
    try {
      opened.location.replace((await buildRequest('/', 'login')).url);
    } catch (error) {
      opened.close();
      throw error;
    }
  }

  /** Somebody has signed in at this browser: the page goes on, or makes way for a page of theirs. */
  async comeBack(): Promise<void> {
    if (!('person' in this.state)) return;
    const { person } = this.state;
    try {
      this.take(await signInSilently());
    } catch (error) {
      if (this.state.is === 'ended' && !(error instanceof SignInNeeded)) this.become({ is: 'ended', person, error });
    }
  }

  /**
   * A token that is good for a while. Waits, without end, for somebody who has to sign in again.
   * @param seconds for which it is wanted as it is, since it may not be possible to renew it then
   */
  async accessToken(seconds = 0): Promise<string> {
    if (this.isSpent(seconds)) await this.renew();
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

  /** For who has left the screen: the session waits for its user alone, at every window and for whoever has its cookie. */
  lock(): void {
    if (this.state.is === 'signed-in') this.leave(this.state.person);
  }

  private leave({ sessionId }: Person): void {
    noteLeft(sessionId);
    this.end();
    tellWindows('left');
    void lockSession(sessionId);
  }

  /**
   * Ends the session, here and at all clients, and leaves the page, whether or not somebody has to sign in again.
   * @throws Refused, TypeError when it is not known to have ended: then they are signed in as before
   */
  async signOut(): Promise<void> {
    const here = this.idToken ? await signOutAddress(this.idToken) : '/';
    const next = (await endSession()) ?? here;
    this.tokens = undefined;
    tellWindows('left');
    this.become({ is: 'signed-out' });
    location.assign(next);
  }

  private isSpent(seconds: number): boolean {
    if (!this.tokens) return this.state.is === 'signed-in';
    if (this.tokens.accessToken === '') return true;
    return this.goodUntil - Date.now() < (spareSeconds + seconds) * 1_000;
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
      if (error instanceof SignInNeeded) return this.end();
      throw error instanceof Refused ? error : new TypeError('the sign-in could not be renewed', { cause: error });
    }
  }

  private take(tokens: Tokens): void {
    const person = personOf(tokens);
    const before = 'person' in this.state ? this.state.person : undefined;
    // Asked for while somebody was there, and answered after they had left.
    if (secondsLeft(person.sessionId) <= 0) {
      this.leave(person);
      return;
    }
    if (before && before.id !== person.id) {
      // What stands on the page is somebody else's.
      location.replace('/');
      return;
    }
    const { exp, iat } = claimsOf(tokens.accessToken);
    this.goodUntil = Date.now() + (Number(exp) - Number(iat)) * 1_000;
    this.tokens = tokens;
    this.idToken = tokens.idToken;
    noteBegin(person.sessionId);
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

/** In the window of a sign-in over the page. */
export function passAnswerOn(): void {
  tellWindows('signed-in');
  window.close();
}

export const session = new Session();
