import type { OnPaper } from '../paper/day-sheet.ts';
import { isHere } from '../session/touches.ts';

/** The agendas of today and tomorrow in words, as they were when it was taken: what is shown while the practice cannot be reached. */
export interface Copy {
  /** In which sign-in it was taken; it ends with it. */
  sessionId: string;
  /** RFC 3339 */
  takenAt: string;
  language: string;
  /** Of whose agendas it was asked for. */
  practitionerIds: string[];
  /** What was read of patients in this sign-in, by id: nobody is read again each hour, and told so on their list of accesses. */
  patients: Record<string, OnPaper>;
  words: Record<'title' | 'isCopy' | 'print' | 'again' | 'goes' | 'nobody', string>;
  columns: string[];
  days: { title: string; sheets: { name: string; lines: string[][] }[] }[];
}

/** Where it stands in the browser, and under which address; no request leads there. */
const place = 'cabinet.copy';
const address = '/outage/copy.json';

const hoursMax = 24;
const hourMs = 3_600_000;
/** A clock that was put back does not make a copy last longer. */
const aheadMsMax = 5 * 60_000;

/** Whether this browser keeps anything: not where the practice is reached without TLS, nor where its user forbids it. */
const mayKeep = (): boolean => 'caches' in globalThis;

/** What is kept, if this browser keeps anything. */
export async function readCopy(): Promise<Copy | undefined> {
  if (!mayKeep()) return undefined;
  // Not `open`, which would begin one in the browser of each patient.
  const kept = await caches.match(address, { cacheName: place }).catch(unlessForbidden);
  return kept?.json();
}

/** @throws DOMException where the browser keeps nothing */
export async function keepCopy(copy: Copy): Promise<void> {
  const cache = await caches.open(place);
  await cache.put(address, Response.json(copy));
}

export async function eraseCopy(): Promise<void> {
  if (mayKeep()) await caches.delete(place).catch(unlessForbidden);
}

function unlessForbidden(error: unknown): undefined {
  if (error instanceof DOMException && error.name === 'SecurityError') return undefined;
  throw error;
}

/** Whether it may still be shown: for a day at most, and to nobody who comes to a screen that was left or signed out of. */
export function isOpen({ takenAt, sessionId }: Copy): boolean {
  const ageMs = Date.now() - Date.parse(takenAt);
  return ageMs < hoursMax * hourMs && ageMs > -aheadMsMax && isHere(sessionId);
}

/** Hours after which it is taken anew. */
const renewedHours = 1;

/** Whether it is time to take one. @param wanted whose agendas are watched */
export function isDue(kept: Copy | undefined, sessionId: string, wanted: readonly string[]): boolean {
  if (kept?.sessionId !== sessionId || !isOpen(kept)) return true;
  return (
    Date.now() - Date.parse(kept.takenAt) >= renewedHours * hourMs ||
    wanted.some((id) => !kept.practitionerIds.includes(id))
  );
}
