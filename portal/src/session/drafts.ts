import { useCallback, useEffect, useState } from 'react';
import { usePerson } from './use-session.ts';

/**
 * What somebody has typed and not sent. It outlives a reload, a crash and the end of the sign-in, in this tab alone; another
 * person at the same desk does not find it. Medical words are not among it once they sign out: then all drafts go.
 */
const place = (person: string, form: string) => `cabinet.draft.${person}.${form}`;

export const forgetDrafts = (): void => {
  for (const key of Object.keys(sessionStorage)) if (key.startsWith('cabinet.draft.')) sessionStorage.removeItem(key);
};

/** Of one form, for when what it began was ended elsewhere. */
export const forgetDraft = (person: string, form: string): void => sessionStorage.removeItem(place(person, form));

/**
 * State of a form that is kept as a draft.
 * @param form names the form and whom it is about: `patient-cancel/<appointment id>`
 * @returns the values, a setter, and `clear` for when they have been sent
 */
export function useDraft<T extends object>(form: string, empty: T) {
  const key = place(usePerson().id, form);
  const [values, setValues] = useState<T>(() => read(key, empty));
  const [isDirty, setDirty] = useState(() => sessionStorage.getItem(key) !== null);
  const set = useCallback(
    (change: Partial<T>) => {
      setValues((before) => {
        const after = { ...before, ...change };
        sessionStorage.setItem(key, JSON.stringify(after));
        return after;
      });
      setDirty(true);
    },
    [key],
  );
  const clear = useCallback(() => {
    sessionStorage.removeItem(key);
    setValues(empty);
    setDirty(false);
  }, [key, empty]);
  return { values, set, clear, isDirty };
}

function read<T extends object>(key: string, empty: T): T {
  try {
    const kept = JSON.parse(sessionStorage.getItem(key) ?? 'null');
    return kept ? { ...empty, ...kept } : empty;
  } catch {
    return empty;
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
