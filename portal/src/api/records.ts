import { queryOptions, useQuery } from '@tanstack/react-query';
import { api, ifMatch, told } from './client.ts';
import type { Allergy, Condition, Encounter, Note, NoteAmendment } from './types.ts';

export const recordKey = (patientId: string) => ['record', patientId] as const;

/** A whole record. Never taken from memory when a page is opened again: what was written elsewhere must be seen. */
export const recordOf = (patientId: string) =>
  queryOptions({
    queryKey: recordKey(patientId),
    staleTime: 0,
    gcTime: 0,
    queryFn: () => told(api.GET('/api/records/{patientId}', { params: { path: { patientId } } })),
  });

/** What a record lists, by its part of the address. */
export interface Entries {
  allergies: Allergy;
  conditions: Condition;
  encounters: Encounter;
  notes: Note;
}
export type EntryKind = keyof Entries;

// An alias, since what is asked with may have more of any name, which an interface does not promise.
type EntryPlace = { params: { path: { patientId: string; entryId: string } } };

const askVersions: { [K in EntryKind]: (at: EntryPlace) => Promise<{ items: Entries[K][] }> } = {
  allergies: (at) => told(api.GET('/api/records/{patientId}/allergies/{entryId}/versions', at)),
  conditions: (at) => told(api.GET('/api/records/{patientId}/conditions/{entryId}/versions', at)),
  encounters: (at) => told(api.GET('/api/records/{patientId}/encounters/{entryId}/versions', at)),
  notes: (at) => told(api.GET('/api/records/{patientId}/notes/{entryId}/versions', at)),
};

/** Everything that an entry ever said. */
export const useVersions = <K extends EntryKind>(kind: K, patientId: string, entryId: string) =>
  useQuery({
    queryKey: [...recordKey(patientId), kind, entryId],
    staleTime: 0,
    gcTime: 0,
    queryFn: () => askVersions[kind]({ params: { path: { patientId, entryId } } }),
  });

/** Of the patient themself: an entry that is kept does not exist for their guardians. */
export const keepFromGuardians = (patientId: string, entryId: string, keptFromGuardians: boolean) =>
  told(
    api.POST('/api/records/{patientId}/entries/{entryId}/keep-from-guardians', {
      params: { path: { patientId, entryId } },
      body: { keptFromGuardians },
      keepalive: true,
    }),
  );

/** @throws Refused 412 when somebody has amended it since it was read */
export const amendNote = (patientId: string, note: Note, body: NoteAmendment) =>
  told(
    api.PUT('/api/records/{patientId}/notes/{entryId}', {
      params: { path: { patientId, entryId: note.id }, header: ifMatch(note) },
      body,
    }),
  );
