import { keptInBrowser } from './kept.ts';

/**
 * When somebody last touched any window of this browser. All windows know it, and one that is opened later does: so the one that
 * nobody touches locks nobody out of another, and what was left is found locked also by who closes it and comes again.
 */
const place = 'cabinet.touched';

/** After so long without a touch or a key, whoever comes to the screen has to sign in again over the page. */
export const idleSeconds = 30 * 60;

/** A touch is noted for the others at most so often. */
const notedSeconds = 10;

interface Touched {
  /** In another session than that of now it says nothing. */
  sessionId: string;
  at: number;
}

/** Milliseconds since the epoch; undefined while nobody has touched anything in this session. */
function touchedAt(sessionId: string): number | undefined {
  try {
    const touched: Touched | null = JSON.parse(keptInBrowser.get(place) ?? 'null');
    return touched?.sessionId === sessionId ? touched.at : undefined;
  } catch {
    return undefined;
  }
}

const note = (touched: Touched): void => keptInBrowser.set(place, JSON.stringify(touched));

/** Seconds until the session counts as left, by the clock of now; zero or less: it has been. */
export function secondsLeft(sessionId: string): number {
  const at = touchedAt(sessionId);
  return at === undefined ? idleSeconds : Math.ceil(idleSeconds - (Date.now() - at) / 1_000);
}

/** Whether this is the session of who was last at the browser, and they have not left it. */
export const isHere = (sessionId: string): boolean => touchedAt(sessionId) !== undefined && secondsLeft(sessionId) > 0;

/** Who has just come has touched something; a page that is renewed by itself has not. */
export function noteBegin(sessionId: string): void {
  if (touchedAt(sessionId) === undefined) note({ sessionId, at: Date.now() });
}

export function noteTouch(sessionId: string): void {
  const now = Date.now();
  const at = touchedAt(sessionId);
  if (at === undefined || Math.abs(now - at) >= notedSeconds * 1_000) note({ sessionId, at: now });
}

/** Whoever comes now, if it is by a window that is opened later, has to sign in. */
export const noteLeft = (sessionId: string): void => note({ sessionId, at: 0 });
