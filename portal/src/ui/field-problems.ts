import type { MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';
import { useLingui } from '@lingui/react/macro';
import { problemOf } from '../api/problem.ts';
import { lineWords } from '../words/imports.ts';

/** What is said otherwise of a file. */
const ofForms: Record<string, MessageDescriptor> = { NO_POSTAL_CODE: msg`must be 5 digits` };

/** What is wrong with a value, in the reader's language; as the service says it where there are no words of ours. */
export function useFieldWords(): (field: { code: string; message: string }) => string {
  const { i18n } = useLingui();
  return ({ code, message }) => {
    const words = ofForms[code] ?? lineWords[code];
    return words ? i18n._(words) : message;
  };
}

/** What was refused at a field whose path begins so, in the reader's language; as the service says it where there are no words of ours. */
export function useFieldProblems(error: unknown): (...starts: string[]) => string | undefined {
  const { i18n } = useLingui();
  const inWords = useFieldWords();
  return (...starts) => {
    const field = problemOf(error)?.fields.find(({ path }) => starts.some((start) => path.startsWith(start)));
    if (!field) return undefined;
    const said = inWords(field);
    return said.charAt(0).toLocaleUpperCase(i18n.locale) + said.slice(1);
  };
}
