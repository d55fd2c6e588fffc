import { queryOptions, useQuery } from '@tanstack/react-query';
import { today } from '../time/server-clock.ts';
import { ageOn } from '../time/zone.ts';
import { patientOfCard } from '../words/cards.ts';
import { questionOf } from '../words/patient-question.ts';
import { api, told } from './client.ts';
import { problemOf } from './problem.ts';
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

/** Who fits what was typed, or whose card was read: the same list, with one in it or none. */
export const usePatientSearch = (words: string) =>
  useQuery({
    queryKey: ['patient-search', words],
    enabled: words.trim().length >= 2,
    queryFn: ({ signal }) => search(words, signal),
  });

async function search(words: string, signal: AbortSignal): Promise<{ items: Patient[]; nextCursor?: string }> {
  const id = patientOfCard(words);
  if (!id) return told(api.POST('/api/patients/search', { body: { ...questionOf(words), limit: 20 }, signal }));
  try {
    return { items: [await told(api.GET('/api/patients/{id}', { params: { path: { id } }, signal }))] };
  } catch (error) {
    if (problemOf(error)?.status === 404) return { items: [] };
    throw error;
  }
}

export const nameOfPatient = ({ givenNames, familyName }: Pick<Patient, 'givenNames' | 'familyName'>): string =>
  `${givenNames[0] ?? ''} ${familyName}`.trim();

/** In years; before, guardians act for somebody (France: article 388 of the Code civil). */
const majority = 18;

export const isMinor = ({ birthDate }: Pick<Patient, 'birthDate'>): boolean => ageOn(birthDate, today()) < majority;
