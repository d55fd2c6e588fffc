import { useQueryClient } from '@tanstack/react-query';
import { api, ifMatch, told } from './client.ts';
import { recordKey } from './records.ts';
import type { Allergy, AllergyContent, Condition, ConditionContent, Encounter, EncounterContent } from './types.ts';

type Header = { 'Idempotency-Key': string };
type Why = { amendmentReason: string };

/** After something in a record was written, or was found to be otherwise than it was read. */
export function useRecordChanged(patientId: string): () => void {
  const client = useQueryClient();
  return () => void client.invalidateQueries({ queryKey: recordKey(patientId) });
}

export const addAllergy = (patientId: string, body: AllergyContent, header: Header) =>
  told(api.POST('/api/records/{patientId}/allergies', { params: { path: { patientId }, header }, body }));

/** @throws Refused 412 when somebody has amended it since it was read; so do those of the other kinds */
export const amendAllergy = (patientId: string, read: Allergy, body: AllergyContent & Why) =>
  told(
    api.PUT('/api/records/{patientId}/allergies/{entryId}', {
      params: { path: { patientId, entryId: read.id }, header: ifMatch(read) },
      body,
    }),
  );

export const allergyVersions = (patientId: string, entryId: string) =>
  told(
    api.GET('/api/records/{patientId}/allergies/{entryId}/versions', { params: { path: { patientId, entryId } } }),
  ).then(({ items }) => items);

export const allergiesInError = async (patientId: string) => {
  const params = { path: { patientId }, query: { enteredInError: true } };
  const { items } = await told(api.GET('/api/records/{patientId}/allergies', { params }));
  return items.filter(({ verificationStatus }) => verificationStatus === 'entered-in-error');
};

/** That somebody asked and no allergy is known. @throws Refused 409 RECORD.ALLERGIES_LISTED */
export const stateNoAllergies = (patientId: string, header: Header) =>
  told(api.POST('/api/records/{patientId}/allergies/no-known', { params: { path: { patientId }, header } }));

/** @throws Refused 409 RECORD.NOT_STATED */
export const withdrawNoAllergies = (patientId: string, body: Why, header: Header) =>
  told(
    api.POST('/api/records/{patientId}/allergies/no-known/withdraw', { params: { path: { patientId }, header }, body }),
  );

export const addCondition = (patientId: string, body: ConditionContent, header: Header) =>
  told(api.POST('/api/records/{patientId}/conditions', { params: { path: { patientId }, header }, body }));

export const amendCondition = (patientId: string, read: Condition, body: ConditionContent & Why) =>
  told(
    api.PUT('/api/records/{patientId}/conditions/{entryId}', {
      params: { path: { patientId, entryId: read.id }, header: ifMatch(read) },
      body,
    }),
  );

export const conditionVersions = (patientId: string, entryId: string) =>
  told(
    api.GET('/api/records/{patientId}/conditions/{entryId}/versions', { params: { path: { patientId, entryId } } }),
  ).then(({ items }) => items);

export const conditionsInError = async (patientId: string) => {
  const all = await everyPage((query) =>
    told(api.GET('/api/records/{patientId}/conditions', { params: { path: { patientId }, query } })),
  );
  return all.filter(({ verificationStatus }) => verificationStatus === 'entered-in-error');
};

export const addEncounter = (patientId: string, body: EncounterContent, header: Header) =>
  told(api.POST('/api/records/{patientId}/encounters', { params: { path: { patientId }, header }, body }));

export const amendEncounter = (patientId: string, read: Encounter, body: EncounterContent & Why) =>
  told(
    api.PUT('/api/records/{patientId}/encounters/{entryId}', {
      params: { path: { patientId, entryId: read.id }, header: ifMatch(read) },
      body,
    }),
  );

export const encounterVersions = (patientId: string, entryId: string) =>
  told(
    api.GET('/api/records/{patientId}/encounters/{entryId}/versions', { params: { path: { patientId, entryId } } }),
  ).then(({ items }) => items);

export const encountersInError = async (patientId: string) => {
  const all = await everyPage((query) =>
    told(api.GET('/api/records/{patientId}/encounters', { params: { path: { patientId }, query } })),
  );
  return all.filter(({ status }) => status === 'entered-in-error');
};

interface Query {
  enteredInError: true;
  limit: number;
  cursor?: string;
}

async function everyPage<T>(ask: (query: Query) => Promise<{ items: T[]; nextCursor?: string }>): Promise<T[]> {
  const all: T[] = [];
  let cursor: string | undefined;
  do {
    const page = await ask({ enteredInError: true, limit: 200, cursor });
    all.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor);
  return all;
}
