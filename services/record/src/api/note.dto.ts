import type { EntryMeta, InEmergency, Keepable, Reason } from './common.dto.js';

export interface NoteRequest extends Keepable {
  /** `entered-in-error` takes the entry out of the list; its history stays. */
  status?: 'current' | 'entered-in-error';
  /**
   * @minLength 1
   * @maxLength 20000
   * @example "Sleeps better since the dose was halved."
   */
  text: string;
}

/** The whole content as it is to be from now on, and why. */
export interface NoteAmendment extends NoteRequest {
  amendmentReason: Reason;
}

export interface NoteResponse extends NoteRequest, EntryMeta {}

export interface NoteList extends InEmergency {
  /** The newest first. */
  items: NoteResponse[];
  /** Ask for the next page with it; absent on the last page. */
  nextCursor?: string;
}

/** Everything an entry ever said. */
export interface NoteVersions extends InEmergency {
  /** The newest first. */
  items: NoteResponse[];
}
