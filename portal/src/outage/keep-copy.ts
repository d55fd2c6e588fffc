import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useEffect, useSyncExternalStore } from 'react';
import { useHat } from '../session/hat.ts';
import { session } from '../session/session.ts';
import { usePerson } from '../session/use-session.ts';
import { type Copy, eraseCopy, isDue, isOpen, keepCopy, readCopy } from './copy.ts';
import { keepOutagePage } from './keep-page.ts';
import { takeCopy } from './take-copy.ts';

/** Milliseconds after which a desk looks whether a copy is due. */
const lookMs = 60_000;
/** As many agendas as one copy has; those that were watched first go. */
const agendasMax = 16;

/** How it stands with the copy of this browser. */
interface State {
  kept?: Pick<Copy, 'takenAt' | 'practitionerIds'>;
  /** Why the last one could not be taken. */
  error?: unknown;
}

let state: State = {};
let watched: readonly string[] = [];
const listeners = new Set<() => void>();

function become(next: State): void {
  state = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const useCopyState = (): State => useSyncExternalStore(subscribe, () => state);

/** A page shows these agendas: they are to be in the copy from now on. */
export function useKept(practitionerIds: readonly string[]): void {
  const client = useQueryClient();
  const hat = useHat(usePerson());
  const ids = practitionerIds.join();
  useEffect(() => {
    if (!ids || hat === 'patient') return;
    watched = [...new Set([...ids.split(','), ...watched])].slice(0, agendasMax);
    void look(client);
  }, [ids, hat, client]);
}

/** Looks each minute whether a copy is due, whichever page is shown. */
export function useHourlyCopy(): void {
  const client = useQueryClient();
  const hat = useHat(usePerson());
  useEffect(() => {
    if (hat !== 'secretary' && hat !== 'practitioner') return;
    const again = () => void look(client);
    again();
    const timer = setInterval(again, lookMs);
    document.addEventListener('visibilitychange', again);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', again);
    };
  }, [hat, client]);
}

const sessionIdNow = (): string | undefined => {
  const now = session.current();
  return now.is === 'signed-in' ? now.person.sessionId : undefined;
};

/**
 * Takes a copy if one is due: at one window of the browser at a time, and at none that nobody sees. What fails is told by
 * `useCopyState`, and tried again a minute later; the copy before stays.
 * @param isWanted now, due or not
 */
export async function look(client: QueryClient, isWanted = false): Promise<void> {
  if (document.visibilityState === 'hidden' || !sessionIdNow() || !navigator.locks) return;
  await navigator.locks.request('cabinet.copy', { ifAvailable: true }, async (lock) => {
    if (lock) await renew(client, isWanted).catch((error: unknown) => become({ ...state, error }));
  });
}

async function renew(client: QueryClient, isWanted: boolean): Promise<void> {
  const sessionId = sessionIdNow();
  if (!sessionId) return;
  const found = await readCopy();
  const kept = found?.sessionId === sessionId ? found : undefined;
  const practitionerIds = [...new Set([...watched, ...(kept?.practitionerIds ?? [])])].slice(0, agendasMax);
  if (practitionerIds.length === 0 || !(isWanted || isDue(kept, sessionId, watched))) return become({ ...state, kept });
  const copy = await takeCopy(client, { sessionId, practitionerIds, patients: kept?.patients ?? {} });
  await keepOutagePage();
  // Whoever has left meanwhile leaves nothing behind.
  if (sessionIdNow() !== sessionId) return;
  await keepCopy(copy);
  if (sessionIdNow() !== sessionId) return forget();
  become({ kept: copy });
}

/** Erases what is kept. */
export async function forget(): Promise<void> {
  become({});
  await eraseCopy();
}

/** What is kept ends with the sign-in in which it was taken, however that ends, and is nobody else's. */
async function guard(): Promise<void> {
  const { is } = session.current();
  if (is === 'signed-out' || is === 'ended') return forget();
  if (is === 'unknown') return;
  const kept = await readCopy();
  if (!kept) return;
  const isOurs = is === 'unreachable' || kept.sessionId === sessionIdNow();
  if (isOurs && isOpen(kept)) become({ ...state, kept });
  else await forget();
}

session.subscribe(() => void guard());
