import { useCallback, useEffect, useMemo, useState } from 'react';
import { usePerson } from './use-session.ts';

/**
 * What somebody has typed and not sent. It outlives a reload, a crash and the end of the sign-in, in this tab alone; another
 * person at the same desk does not find it. Medical words are not among it once they sign out: then all drafts go.
 */
const place = (person: string, form: string) => `cabinet.draft.${person}.${form}`;

export const forgetDrafts = (): void => {
  for (const key of Object.keys(sessionStorage)) if (key.startsWith('cabinet.draft.')) sessionStorage.removeItem(key);
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

function keep(key: string, draft: object): void {
  const before = fits;
  try {
    sessionStorage.setItem(key, JSON.stringify(draft));
    fits = true;
  } catch {
    // What was kept of it before is not what stands there now.
    sessionStorage.removeItem(key);
    fits = false;
  }
  // Not while somebody else's page is being drawn.
  if (fits !== before) queueMicrotask(tellListeners);
}

/** Of one form, for when what it began was ended elsewhere. */
export const forgetDraft = (person: string, form: string): void => sessionStorage.removeItem(place(person, form));

/**
 * State of a form that is kept as a draft: of what was typed alone, so that what somebody else has changed in the other fields shows,
 * and is not put back by who saves.
 * @param form names the form and whom it is about: `patient-cancel/<appointment id>`
 * @returns the values, a setter, and `clear` for when they have been sent
 */
export function useDraft<T extends object>(form: string, empty: T) {
  const key = place(usePerson().id, form);
  const [typed, setTyped] = useState(() => read<T>(key));
  const set = useCallback(
    (change: Partial<T>) =>
      setTyped((before) => {
        const after = { ...before, ...change };
        keep(key, after);
        return after;
      }),
    [key],
  );
  const clear = useCallback(() => {
    sessionStorage.removeItem(key);
    setTyped(undefined);
  }, [key]);
  const values = useMemo(() => ({ ...empty, ...typed }), [empty, typed]);
  return { values, set, clear, isDirty: typed !== undefined };
}

/** Whether something was typed into that form and not sent. Read when what asks is drawn: not for within the form itself. */
export const useIsBegun = (form: string): boolean => sessionStorage.getItem(place(usePerson().id, form)) !== null;

function read<T extends object>(key: string): Partial<T> | undefined {
  try {
    return JSON.parse(sessionStorage.getItem(key) ?? 'null') ?? undefined;
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
