import { useSyncExternalStore } from 'react';
import { keptInWindow } from './kept.ts';
import { usePerson } from './use-session.ts';

/**
 * Until when somebody reads a record by an emergency access, as the record said when it was last read: so that each page of that
 * patient shows it, though the chart alone may ask. It goes with what was typed, when they sign out.
 */
const place = (person: string, patientId: string) => `cabinet.emergency.${person}.${patientId}`;
const listeners = new Set<() => void>();

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/** @param until an instant; left out: it is read by nothing of the kind, or not any more */
export function noteEmergency(person: string, patientId: string, until?: string): void {
  const key = place(person, patientId);
  if (keptInWindow.get(key) === (until ?? null)) return;
  if (until) keptInWindow.set(key, until);
  else keptInWindow.forget(key);
  for (const listener of listeners) listener();
}

/** The end (ms since 1970) of the access to a patient's record; nothing when there is none. */
export function useEmergency(patientId: string): number | undefined {
  const person = usePerson().id;
  const until = useSyncExternalStore(subscribe, () => keptInWindow.get(place(person, patientId)));
  return until ? Date.parse(until) : undefined;
}
