import { queryOptions, useQuery } from '@tanstack/react-query';
import { api, ifMatch, told } from './client.ts';
import type { Note, NoteAmendment } from './types.ts';

export const recordKey = (patientId: string) => ['record', patientId] as const;

/** A whole record. Never taken from memory when a page is opened again: what was written elsewhere must be seen. */
export const recordOf = (patientId: string) =>
  queryOptions({
    queryKey: recordKey(patientId),
    staleTime: 0,
    gcTime: 0,
    queryFn: () => told(api.GET('/api/records/{patientId}', { params: { path: { patientId } } })),
  });

/** Everything that a note ever said. */
export const useNoteVersions = (patientId: string, entryId: string) =>
  useQuery({
    queryKey: [...recordKey(patientId), 'note', entryId],
    staleTime: 0,
    gcTime: 0,
    queryFn: () =>
      told(api.GET('/api/records/{patientId}/notes/{entryId}/versions', { params: { path: { patientId, entryId } } })),
  });

/** @throws Refused 412 when somebody has amended it since it was read */
export const amendNote = (patientId: string, note: Note, body: NoteAmendment) =>
  told(
    api.PUT('/api/records/{patientId}/notes/{entryId}', {
      params: { path: { patientId, entryId: note.id }, header: ifMatch(note) },
      body,
    }),
  );
