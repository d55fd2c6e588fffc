import { refusalOf } from '../api/problem.ts';
import { SignInNeeded, signInSilently, type Tokens } from './oidc.ts';
import { personOf } from './person.ts';

/** Milliseconds between two tries at locking. */
const [firstPauseMs, longestPauseMs] = [1_000, 30_000];

/**
 * Locks the session that tokens are of: it waits for its user alone, at this browser.
 * @throws Refused, TypeError when it is not known to be locked
 */
export async function lockBy({ accessToken }: Tokens): Promise<void> {
  const headers = { authorization: `Bearer ${accessToken}` };
  const answer = await fetch('/api/auth/lock', { method: 'POST', headers, keepalive: true });
  if (!answer.ok) throw refusalOf(answer, undefined);
}

/**
 * Locks a session, by what whoever comes to the screen would get in with, so it is of no account how old the tokens of the page are.
 * Asks until it is answered. Done is also when it has ended, or when another one has begun here.
 */
export async function lockSession(sessionId: string): Promise<void> {
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
    try {
      const tokens = await signInSilently();
      if (personOf(tokens).sessionId === sessionId) await lockBy(tokens);
      return;
    } catch (error) {
      if (error instanceof SignInNeeded) return;
    }
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}

/**
 * Ends the session of this browser, locked or not: its cookie alone is asked for.
 * @returns where the browser signs out of the issuer by which it was opened, if it was
 * @throws Refused, TypeError when it is not known to have ended
 */
export async function endSession(): Promise<string | undefined> {
  const answer = await fetch('/api/auth/logout/issuer', { method: 'POST' });
  const told = await answer.json().catch(() => undefined);
  if (!answer.ok) throw refusalOf(answer, told);
  return told?.continueAt;
}
