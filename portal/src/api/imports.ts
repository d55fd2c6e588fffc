import { api, told } from './client.ts';
import type { ImportReport } from './types.ts';

export const importKinds = ['patients', 'practitioners', 'appointments'] as const;
export type ImportKind = (typeof importKinds)[number];

/** In bytes; the services take no more. */
export const importBytesMax = 16 * 1024 * 1024;

/** A file as it was when it was chosen, so that what is tried out and what is imported are the same. */
export interface ChosenFile {
  /** Another one for each choice. */
  id: string;
  name: string;
  /** Rejected with a DOMException when it cannot be read: it is gone, or it is no file. */
  bytes: Promise<ArrayBuffer>;
}

export const chosenFile = (file: File): ChosenFile => ({
  id: crypto.randomUUID(),
  name: file.name,
  bytes: file.arrayBuffer(),
});

interface ImportRequest {
  kind: ImportKind;
  file: ChosenFile;
  /** In which the file is written, where it has no byte order mark. */
  charset: string;
  /** Only says what would become of each line. */
  dryRun: boolean;
}

/** @throws Refused 413, 415, 422 for a file that cannot be read as a whole; nothing of it was taken then */
export async function importFile(
  { kind, file, charset, dryRun }: ImportRequest,
  header: { 'Idempotency-Key': string },
): Promise<ImportReport> {
  const bytes = await file.bytes;
  const request = {
    params: { query: { dryRun }, header },
    headers: { 'Content-Type': `text/csv; charset=${charset}` },
    // The contract calls the file a text; it is sent as it is, byte for byte, for the service alone decodes it.
    body: '',
    bodySerializer: () => bytes,
  };
  switch (kind) {
    case 'patients':
      return told(api.POST('/api/patients/import', request));
    case 'practitioners':
      return told(api.POST('/api/practitioners/import', request));
    case 'appointments':
      return told(api.POST('/api/appointments/import', request));
    default:
      return kind satisfies never;
  }
}
