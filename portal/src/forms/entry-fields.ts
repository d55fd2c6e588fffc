import { useLingui } from '@lingui/react/macro';
import { problemOf } from '../api/problem.ts';
import { refusalWords } from '../words/clinical.ts';

/** What the fields of an entry of a record are filled with. */
export interface Filled<V> {
  values: V;
  set: (change: Partial<V>) => void;
  /** What is wrong with what the API has at these places, in words. */
  problemAt: (...places: string[]) => string | undefined;
}

const isAt = (path: string, place: string): boolean =>
  path === place || path.startsWith(`${place}.`) || path.startsWith(`${place}[`);

/**
 * What to say at each field of a form.
 * @param lacks places that are needed and empty
 * @param places all that have a field: what is refused elsewhere is left to be said below
 */
export function useProblems(error: unknown, { lacks, places }: { lacks: string[]; places: readonly string[] }) {
  const { i18n, t } = useLingui();
  const refused = problemOf(error)?.fields ?? [];
  return {
    isSaidAtFields: refused.every(({ path }) => places.some((place) => isAt(path, place))),
    problemAt: (...asked: string[]): string | undefined => {
      if (asked.some((place) => lacks.includes(place))) return t`This is needed.`;
      const found = refused.find(({ path }) => asked.some((place) => isAt(path, place)));
      const words = found && refusalWords(found);
      return words ? i18n._(words) : found?.message;
    },
  };
}
