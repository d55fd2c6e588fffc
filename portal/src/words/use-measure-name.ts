import { useLingui } from '@lingui/react/macro';
import { measures } from './measures.ts';

/** What is measured, in the reader's language; as the service says it of what has no words here. */
export function useMeasureName(): (code: string, otherwise?: string) => string {
  const { i18n } = useLingui();
  return (code, otherwise = code) => {
    const known = measures[code];
    return known ? i18n._(known.name) : otherwise;
  };
}
