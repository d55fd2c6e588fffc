import { useCallback, useEffect, useMemo, useState } from 'react';
import { now } from '../time/server-clock.ts';
import { usePerson } from './use-session.ts';

/**
 * What somebody has typed and not sent. It outlives a reload, a crash and the end of the sign-in, in this tab alone; another
 * person at the same desk does not find it. Medical words are not among it once they sign out: then all drafts go.
 */
const place = (person: string, form: string) => `cabinet.draft.${person}.${form}`;
/** Beside a draft: when it was kept last (ms since 1970). */
const timeOf = (key: string) => `${key}@`;

/** And what else stands in this tab of who signed in: whose record they read in an emergency, and until when a time is kept for them. */
export const forgetDrafts = (): void => {
  for (const key of Object.keys(sessionStorage))
    if (/^cabinet\.(?:draft|emergency|hold)\./.test(key)) sessionStorage.removeItem(key);
};

/** Whether anything that was typed here is kept. */
export const hasDrafts = (): boolean => Object.keys(sessionStorage).some((key) => key.startsWith('cabinet.draft.'));

/** False once this browser had no room for what was typed: it is then on the page alone. */
let fits = true;
const listeners = new Set<() => void>();
export const draftsFit = (): boolean => fits;
export const onDrafts = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

function tellListeners(): void {
  for (const listener of listeners) listener();
}

/** Of one form, for when what it began was ended elsewhere. */
export const forgetDraft = (person: string, form: string): void => forget(place(person, form));

function forget(key: string): void {
  sessionStorage.removeItem(key);
  sessionStorage.removeItem(timeOf(key));
}

/** What was typed, and when the browser kept it: not known when it has no room for it. */
interface Typed<T> {
  values: Partial<T>;
  keptAt?: number;
}

/**
 * State of a form that is kept as a draft: of what was typed alone, so that what somebody else has changed in the other fields shows,
 * and is not put back by who saves.
 * @param form names the form and whom it is about: `patient-cancel/<appointment id>`
 * @returns the values, a setter, `clear` for when they have been sent, and since when what was typed is kept (ms since 1970;
 *   undefined of what is not, because the browser has no room)
 */
export function useDraft<T extends object>(form: string, empty: T) {
  const key = place(usePerson().id, form);
  const [typed, setTyped] = useState(() => read<T>(key));
  const set = useCallback(
    (change: Partial<T>) =>
      setTyped((before) => {
        const values = { ...before?.values, ...change };
        return { values, keptAt: keep(key, values) };
      }),
    [key],
  );
  const clear = useCallback(() => {
    forget(key);
    setTyped(undefined);
  }, [key]);
  const values = useMemo(() => ({ ...empty, ...typed?.values }), [empty, typed]);
  return { values, set, clear, isDirty: typed !== undefined, keptAt: typed?.keptAt };
}

/** Whether something was typed into that form and not sent. Read when what asks is drawn: not for within the form itself. */
export const useIsBegun = (form: string): boolean => sessionStorage.getItem(place(usePerson().id, form)) !== null;

/** @returns when it was kept; nothing when the browser does not keep it */
function keep(key: string, values: object): number | undefined {
  const before = fits;
  const at = now();
  try {
    sessionStorage.setItem(key, JSON.stringify(values));
    sessionStorage.setItem(timeOf(key), String(at));
    fits = true;
  } catch {
    // Full, or forbidden: whoever types is told, and what was kept before is not taken for it.
    forget(key);
    fits = false;
  }
  // Not while somebody else's page is being drawn.
  if (fits !== before) queueMicrotask(tellListeners);
  return fits ? at : undefined;
}

function read<T extends object>(key: string): Typed<T> | undefined {
  try {
    const values: Partial<T> | null = JSON.parse(sessionStorage.getItem(key) ?? 'null');
    return values ? { values, keptAt: Number(sessionStorage.getItem(timeOf(key))) || undefined } : undefined;
  } catch {
    return undefined;
  }
}

/** Asks before the tab is closed while something is unsent. */
export function useLeaveQuestion(isUnsent: boolean): void {
  useEffect(() => {
    if (!isUnsent) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener('beforeunload', ask);
    return () => removeEventListener('beforeunload', ask);
  }, [isUnsent]);
}
