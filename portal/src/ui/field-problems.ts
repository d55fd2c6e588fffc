import { useLingui } from '@lingui/react/macro';
import { problemOf } from '../api/problem.ts';
import { lineWords } from '../words/imports.ts';

/** What was refused at a field whose path begins so, in the reader's language; as the service says it where there are no words of ours. */
export function useFieldProblems(error: unknown): (...starts: string[]) => string | undefined {
  const { i18n } = useLingui();
  return (...starts) => {
    const field = problemOf(error)?.fields.find(({ path }) => starts.some((start) => path.startsWith(start)));
    if (!field) return undefined;
    const words = lineWords[field.code];
    const said = words ? i18n._(words) : field.message;
    return said.charAt(0).toLocaleUpperCase(i18n.locale) + said.slice(1);
  };
}
