import { newId } from '@cabinet/kit/ids';
import type { ToldEvent } from '@cabinet/service/sidecar/facts';
import { noteChange } from './audit.js';
import { isDuplicateKey } from './duplicate-key.js';
import { abandonedMs, type JournalNote, noteId, notesOf, removeNote } from './journal-notes.js';
import type { JournalRelay } from './journal-relay.js';
import type { Documents, MongoOrm } from './orm.js';

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
    await noteChange(this.orm);
    if (!(await this.write(note))) return false;
    // If this fails nobody knows whether the change was made: the note stays until the relay has looked.
    if (!(await make())) {
      await removeNote(this.orm, note);
      return false;
    }
    // Also where there is nothing to tell: what is not known to be over could be noted once more.
    this.relay.tell(note);
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
