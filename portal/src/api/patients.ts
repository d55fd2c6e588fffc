import { queryOptions, useQuery } from '@tanstack/react-query';
import { ageOn } from '../time/zone.ts';
import { api, told } from './client.ts';
import type { Patient } from './types.ts';

export const patientKey = (id: string) => ['patient', id] as const;

export const patientOf = (id: string) =>
  queryOptions({
    queryKey: patientKey(id),
    staleTime: 60_000,
    queryFn: () => told(api.GET('/api/patients/{id}', { params: { path: { id } } })),
  });

export const usePatient = (id: string, isAsked = true) => useQuery({ ...patientOf(id), enabled: isAsked });

/** For whom a patient acts, with names. */
export const useActsFor = (patientId: string | undefined, isAsked = true) =>
  useQuery({
    queryKey: ['acts-for', patientId],
    enabled: isAsked && patientId !== undefined,
    staleTime: 60_000,
    queryFn: () => told(api.GET('/api/patients/{id}/acts-for', { params: { path: { id: patientId as string } } })),
  });

/** The question behind what a secretary typed: digits and points are a birth date or a telephone number, all else names. */
export function questionOf(words: string): { birthDate: string } | { phone: string } | { q: string } {
  const text = words.trim();
  const date = /^(\d{1,2})[/. -](\d{1,2})[/. -](\d{4})$/.exec(text);
  if (date) return { birthDate: [date[3], date[2]?.padStart(2, '0'), date[1]?.padStart(2, '0')].join('-') };
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return { birthDate: text };
  if (/^\+?[\d .()-]{6,}$/.test(text)) return { phone: text };
  return { q: text };
}

export const usePatientSearch = (words: string) =>
  useQuery({
    queryKey: ['patient-search', words],
    enabled: words.trim().length >= 2,
    queryFn: ({ signal }) =>
      told(api.POST('/api/patients/search', { body: { ...questionOf(words), limit: 20 }, signal })),
  });

export const nameOfPatient = ({ givenNames, familyName }: Pick<Patient, 'givenNames' | 'familyName'>): string =>
  `${givenNames[0] ?? ''} ${familyName}`.trim();

/** In years; before, guardians act for somebody (France: article 388 of the Code civil). */
const majority = 18;

export const isMinor = ({ birthDate }: Pick<Patient, 'birthDate'>): boolean =>
  ageOn(birthDate, new Date().toISOString().slice(0, 10)) < majority;
