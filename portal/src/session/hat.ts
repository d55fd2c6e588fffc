import { useSyncExternalStore } from 'react';
import { keptInWindow } from './kept.ts';
import type { Person, Role } from './person.ts';

/** Somebody with several roles wears one hat at a time, in this tab. It decides what is shown, never what is allowed. */
const place = 'cabinet.hat';
const listeners = new Set<() => void>();

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

export function chooseHat(role: Role): void {
  keptInWindow.set(place, role);
  for (const listener of listeners) listener();
}

/** The role in which somebody works now; nothing while they have to choose. */
export function hatOf({ roles }: Person, chosen = keptInWindow.get(place)): Role | undefined {
  return roles.find((role) => role === chosen) ?? (roles.length === 1 ? roles[0] : undefined);
}

/** As `hatOf`, kept up to date. */
export const useHat = (person: Person): Role | undefined =>
  hatOf(
    person,
    useSyncExternalStore(subscribe, () => keptInWindow.get(place)),
  );
