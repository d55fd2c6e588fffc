import type { Appointment } from '../booking/appointment.js';
import type { Change, Overlap } from '../booking/ports.js';
import type { Candidate, Offer, PlaceInLine, Waiting, WaitingStatus } from './waiting.js';

export interface WaitingFilter {
  patientId?: string;
  practitionerId?: string;
  /** Who waits for any of these. */
  practitionerIds?: readonly string[];
  status?: WaitingStatus;
  /** Without what these patients keep from guardians. */
  exceptKeptOf?: readonly string[];
}

export interface WaitingList {
  /**
   * @param judge throws what speaks against it beside the patient's entries that wait or have an offer; the patient gets no
   *   other meanwhile
   * @throws 422 for a patient who was erased
   */
  add(waiting: Waiting, judge: (active: Waiting[]) => void): Promise<void>;
  find(id: string): Promise<Waiting | undefined>;
  /** In the order in which they are offered what is free; one more than `limit` when there are further ones. */
  list(filter: WaitingFilter, limit: number, after?: PlaceInLine): Promise<Waiting[]>;
  /** The last one in front. */
  offersOf(waitingId: string): Promise<(Offer & { appointment: Appointment })[]>;
  isAnybodyThere(): Promise<boolean>;
  /** Ids of those whom somebody without an offer waits for. */
  wantedPractitioners(): Promise<string[]>;
  /** Those who wait for the practitioner or have an offer, in the order in which they are offered what is free. */
  inOrder(practitionerId: string): Promise<Omit<Candidate, 'busy'>[]>;
  /**
   * Stores the hold, the offer and the fact that it was offered: all or nothing.
   * @returns 'overlap' also when the entry was changed since it was read
   */
  offer(waiting: Waiting, offer: Offer, hold: Appointment): Promise<'stored' | Overlap>;
  /** Closes offers whose holds were confirmed, cancelled or released, and entries whose last date has passed. */
  settle(now: Date): Promise<void>;
  /**
   * Keeps the entry and all that was offered from the patient's guardians, or no longer.
   * @throws 412 when the entry or an offer was changed since it was read
   */
  keep(waiting: Waiting, keptFromGuardians: boolean, changes: Change[]): Promise<void>;
  /** Leaves these to be waited for, and the rest no longer; otherwise as `end`. */
  narrow(waiting: Waiting, wants: Waiting['wants'], changes: Change[]): Promise<void>;
  /**
   * @param changes what becomes of the offer, stored with it or not at all
   * @throws 412 when the entry or the offer was changed since it was read, or has left the list
   */
  end(waiting: Waiting, ended: NonNullable<Waiting['ended']>, changes: Change[]): Promise<void>;
}
