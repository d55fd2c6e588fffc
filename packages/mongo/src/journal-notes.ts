import type { ToldEvent } from '@cabinet/service/sidecar/facts';
import { type Documents, documentsOf, type MongoOrm } from './orm.js';

/** A change that somebody is making, or has made and not told of yet. */
export interface JournalNote {
  /** Subject and version: so one change at most leads to each version. */
  _id: string;
  /** The id of the document that changes. */
  subject: string;
  /** Its version after the change. */
  version: number;
  events: ToldEvent[];
  /** Whose note it is. */
  token: string;
  at: Date;
}

/** What a document needs to be changed by a journal. */
export interface VersionedDocument {
  _id: string;
  version: number;
}

export const noteId = (subject: string, version: number): string => `${subject}:${version}`;

export const notesOf = (orm: MongoOrm): Documents<JournalNote> => documentsOf<JournalNote>(orm, 'journal');

/** Takes a note away, unless another has come in its place. */
export async function removeNote(orm: MongoOrm, { _id, token }: JournalNote): Promise<void> {
  await notesOf(orm).deleteOne({ _id, token });
}

/** Up to which version of a document everything has been told; its id is the document's. */
export const toldOf = (orm: MongoOrm): Documents<VersionedDocument> => documentsOf<VersionedDocument>(orm, 'told');

/** A change that was noted so long ago and not made belongs to a process that died. */
export const abandonedMs = 10_000;
