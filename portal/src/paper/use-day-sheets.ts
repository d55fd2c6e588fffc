import { useLingui } from '@lingui/react/macro';
import { useQueries } from '@tanstack/react-query';
import { dayOf } from '../api/appointments.ts';
import { patientOf } from '../api/patients.ts';
import { problemOf } from '../api/problem.ts';
import type { Practitioner } from '../api/types.ts';
import { areExpected, type DaySheet, onPaper, sheetOf } from './day-sheet.ts';

interface DaySheets {
  sheets: DaySheet[];
  /** Whose agendas are not for the caller. */
  closed: Practitioner[];
  /** Something is still to come: what is printed now would lack it. */
  isReading: boolean;
  /** What failed, and how to ask again. */
  failed?: { error: unknown; again: () => void };
}

/** The agendas of a day in words, with who comes. */
export function useDaySheets(day: string, practitioners: readonly Practitioner[]): DaySheets {
  const { i18n } = useLingui();
  const days = useQueries({ queries: practitioners.map(({ id }) => dayOf(id, day, true)) });
  const expected = days.map(({ data }) => areExpected(data?.items ?? []));
  const ids = [...new Set(expected.flat().map(({ patientId }) => patientId))];
  const patients = useQueries({ queries: ids.map(patientOf) });
  const known = new Map(ids.map((id, nth) => [id, patients[nth]?.data]));
  const isClosed = (nth: number) => problemOf(days[nth]?.error)?.status === 403;
  const failed = [...days.filter((_each, nth) => !isClosed(nth)), ...patients].find(({ error }) => error);
  return {
    sheets: practitioners.flatMap((each, nth) => {
      if (!days[nth]?.data || isClosed(nth)) return [];
      const of = (id: string) => {
        const patient = known.get(id);
        return patient && onPaper(patient);
      };
      return [sheetOf(each, expected[nth] ?? [], of, i18n)];
    }),
    closed: practitioners.filter((_each, nth) => isClosed(nth)),
    isReading: [...days, ...patients].some(({ isPending, error }) => isPending && !error),
    failed: failed && { error: failed.error, again: () => void failed.refetch() },
  };
}
