import type { Refusal } from '../../domain/availability/availability.js';
import type { FoundSlot } from '../../domain/availability/find-free-slots.js';
import { messageOf } from '../../domain/availability/refusals.js';
import { inZone } from '../../domain/time/time.js';
import type { Instant, Uuid } from '../common.dto.js';

export interface SlotResponse {
  start: Instant;
  end: Instant;
  practitionerId: Uuid;
  appointmentTypeId: Uuid;
  placeId: Uuid;
  /**
   * IANA zone of the place.
   * @example "Europe/Paris"
   */
  zone: string;
  /** Of a group visit: how many can still book. */
  seatsLeft?: number;
  /**
   * An external calendar of the practitioner could not be read lately and may have taken it: `warn`, it is booked all the
   * same; `tentative`, a booking is pending until the calendar could be read.
   */
  doubt?: 'warn' | 'tentative';
}

export interface SlotList {
  items: SlotResponse[];
  nextCursor?: string;
}

export interface SlotRefusal {
  /** As in the refusal of a booking. */
  code: Refusal['code'];
  /** @example "is too close to another appointment" */
  message: string;
  /** Beginning and end of what is in the way. */
  from?: Instant;
  until?: Instant;
  /** The appointment that is in the way; for staff only, and not where a minor keeps it from them as a guardian. */
  appointmentId?: Uuid;
}

export interface SlotExplanation {
  practitionerId: Uuid;
  appointmentTypeId: Uuid;
  start: Instant;
  zone: string;
  /** True when it can be booked. */
  isOffered: boolean;
  /** Everything in the way, what a booking would be refused for in front. */
  reasons: SlotRefusal[];
  nextFreeSlots: SlotResponse[];
}

export const toSlotResponse = (slot: FoundSlot): SlotResponse => ({
  start: inZone(slot.start, slot.zone),
  end: inZone(slot.end, slot.zone),
  practitionerId: slot.practitionerId,
  appointmentTypeId: slot.appointmentTypeId,
  placeId: slot.placeId,
  zone: slot.zone,
  seatsLeft: slot.seatsLeft,
  doubt: slot.doubt,
});

/** @param appointmentId the one that is in the way, for who may learn it */
export const toSlotRefusal = (refusal: Refusal, zone: string, appointmentId?: string): SlotRefusal => ({
  code: refusal.code,
  message: messageOf(refusal),
  from: refusal.from === undefined ? undefined : inZone(refusal.from, zone),
  until: refusal.until === undefined ? undefined : inZone(refusal.until, zone),
  appointmentId,
});
