import { newId } from '@cabinet/kit/ids';
import type { ToldEvent } from '@cabinet/service/sidecar/facts';
import { isDuplicateKey } from './duplicate-key.js';
import type { JournalRelay } from './journal-relay.js';
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

// Long enough for the change in progress to end, and not the same for all who wait.
const pauseMs = () => 5 + Math.random() * 40;

/**
 * Makes a change of one document and the events that tell of it one, and lets one of several changes of a version win,
 * where the only thing that the server does in one step is to insert an id once. (MongoDB updates in one step; not every
 * server that speaks its protocol does.) The note comes first, then the change, then the events, then the note goes.
 */
export class Journal {
  constructor(
    private readonly orm: MongoOrm,
    private readonly relay: JournalRelay,
  ) {}

  /**
   * @param version the document's version after the change
   * @param make stores the document, if its version is still the one before; says whether it did
   * @returns false, after a short pause, when somebody else changes or has changed the document: look again
   */
  async change(subject: string, version: number, events: ToldEvent[], make: () => Promise<boolean>): Promise<boolean> {
    const note: JournalNote = {
      _id: noteId(subject, version),
      subject,
      version,
      events,
      token: newId(),
      at: new Date(),
    };
    if (!(await this.write(note))) return false;
    // If this fails nobody knows whether the change was made: the note stays until the relay has looked.
    if (!(await make())) {
      await removeNote(this.orm, note);
      return false;
    }
    if (events.length > 0) this.relay.tell(note);
    else await removeNote(this.orm, note);
    return true;
  }

  private async write(note: JournalNote): Promise<boolean> {
    try {
      await this.notes().insertOne(note);
      return true;
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
      const other = await this.notes().findOne({ _id: note._id });
      if (other && Date.now() - other.at.getTime() > abandonedMs) await this.relay.settle(other);
      await new Promise((resolve) => setTimeout(resolve, pauseMs()));
      return false;
    }
  }

  private notes(): Documents<JournalNote> {
    return notesOf(this.orm);
  }
}
