import { useLingui } from '@lingui/react/macro';
import { type UseQueryResult, useQueries } from '@tanstack/react-query';
import { useMemo } from 'react';
import { nameOfPatient, patientOf } from '../api/patients.ts';
import type { Appointment, Patient } from '../api/types.ts';

/** Of each patient their name; nothing yet of who is still asked for. */
export type Names = ReadonlyMap<string, string>;

const failed = Symbol('failed');

const namesIn = (results: UseQueryResult<Patient>[]) =>
  results.map(({ data, error }) => (data ? nameOfPatient(data) : error ? failed : undefined));

/** Who comes: each patient is asked for once, however often they come, and all names are heard of in one place. */
export function useNames(appointments: readonly Appointment[]): Names {
  const { t } = useLingui();
  const unread = t`name could not be read`;
  const all = [...new Set(appointments.map(({ patientId }) => patientId))].sort().join();
  const queries = useMemo(() => (all ? all.split(',') : []).map(patientOf), [all]);
  const names = useQueries({ queries, combine: namesIn });
  return useMemo(() => {
    const known = all.split(',').map((id, nth) => [id, names[nth] === failed ? unread : names[nth]] as const);
    return new Map(known.filter((each): each is [string, string] => typeof each[1] === 'string'));
  }, [all, names, unread]);
}
