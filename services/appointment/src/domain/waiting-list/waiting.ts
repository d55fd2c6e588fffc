import type { FoundSlot } from '../availability/find-free-slots.js';
import type { PatientTime } from '../booking/ports.js';
import { minutesOfSpan, type TimeSpan } from '../schedule/schedule.js';
import { contains, type Interval, overlaps } from '../time/intervals.js';
import { clockMinutes, type DayOfWeek, dateIn, dayOfWeek, daysAfter, minute } from '../time/time.js';
import { answerTime } from './quiet-hours.js';

/** FHIR R4 AppointmentStatus: waits; has an offer; has accepted one; has left the list. */
export const waitingStatuses = ['waitlist', 'proposed', 'booked', 'cancelled'] as const;
export type WaitingStatus = (typeof waitingStatuses)[number];

/** FHIR R4 request-priority, the most urgent first. */
export const priorities = ['stat', 'asap', 'urgent', 'routine'] as const;
export type Priority = (typeof priorities)[number];

export interface Want {
  practitionerId: string;
  appointmentTypeId: string;
}

export interface WeeklyTimes extends TimeSpan {
  daysOfWeek: DayOfWeek[];
}

/** What the waiting list is in order of. */
export type PlaceInLine = [rank: number, lapses: number, createdAt: number, id: string];

/** Whom and what a patient waits for. */
export interface Waiting {
  id: string;
  version: number;
  status: WaitingStatus;
  patientId: string;
  /** Any of these. */
  wants: Want[];
  /** First and last date (ISO) at the place. */
  fromDate: string;
  untilDate: string;
  /** Only then, on the clock of the place; empty: at any time. */
  times: WeeklyTimes[];
  /** So long ahead at least. */
  noticeMinutes: number;
  priority: Priority;
  /** Offers that ended without an answer: who has fewer comes first among those of one priority. */
  lapses: number;
  /** The appointment that is cancelled when an offer is accepted. */
  replaces?: string;
  /** In whose agenda that is, once it is stored. */
  replacesOf?: string;
  reason?: string;
  /** A minor's secret: the entry, or a visit that it replaces or that was offered, is kept from their guardians. */
  keptFromGuardians: boolean;
  ended?: { why: 'withdrawn' | 'over' | 'merged' | 'erased' | 'deceased' | 'practitioner-left'; at: Date; by: string };
  createdAt: Date;
  createdBy: string;
}

/** Why a slot went to somebody who came later. */
export const passedOverCodes = [
  'HAS_AN_OFFER',
  'OFFERED_BEFORE',
  'OUTSIDE_DATES',
  'OTHER_TIMES',
  'NOTICE_TOO_SHORT',
  'PATIENT_BUSY',
] as const;
export type PassedOverCode = (typeof passedOverCodes)[number];

export interface PassedOver {
  waitingId: string;
  code: PassedOverCode;
}

/** A slot that was offered, as a hold. */
export interface Offer {
  appointmentId: string;
  waitingId: string;
  status: 'open' | 'accepted' | 'refused' | 'lapsed';
  offeredAt: Date;
  endsAt: Date;
  answeredAt?: Date;
  /** Those in front who were not offered it. */
  passedOver: PassedOver[];
}

/** Somebody who waits, with what they were offered already and when they are elsewhere. */
export interface Candidate {
  waiting: Waiting;
  offered: { practitionerId: string; start: number }[];
  busy: readonly PatientTime[];
}

export interface PlannedOffer {
  slot: FoundSlot;
  waiting: Waiting;
  endsAt: number;
  passedOver: PassedOver[];
}

/**
 * The next slot to be offered, and to whom: of all who wait for its practitioner and type, the first whom it suits, in order
 * of priority, then of offers that they let lapse, then of coming. A slot that leaves no time for an answer, or at night, is offered to nobody.
 * @param slots in order of time
 * @param candidates in order, with those who have an offer
 */
export function nextOffer(
  slots: Iterable<FoundSlot>,
  candidates: readonly Candidate[],
  now: number,
): PlannedOffer | undefined {
  for (const slot of slots) {
    const endsAt = answerTime(now, slot.start, slot.zone);
    if (endsAt === undefined) continue;
    const passedOver: PassedOver[] = [];
    for (const candidate of candidates) {
      const { waiting } = candidate;
      if (!wants(waiting, slot)) continue;
      const code = unsuitable(candidate, slot, now);
      if (!code) return { slot, waiting, endsAt, passedOver };
      passedOver.push({ waitingId: waiting.id, code });
    }
  }
  return undefined;
}

const wants = ({ wants }: Waiting, slot: FoundSlot): boolean =>
  wants.some(
    ({ practitionerId, appointmentTypeId }) =>
      practitionerId === slot.practitionerId && appointmentTypeId === slot.appointmentTypeId,
  );

function unsuitable({ waiting, offered, busy }: Candidate, slot: FoundSlot, now: number): PassedOverCode | undefined {
  const date = dateIn(slot.start, slot.zone);
  if (date < waiting.fromDate || date > waiting.untilDate) return 'OUTSIDE_DATES';
  if (waiting.times.length > 0 && !waiting.times.some((times) => isWithin(slot, times))) return 'OTHER_TIMES';
  if (slot.start < now + waiting.noticeMinutes * minute) return 'NOTICE_TOO_SHORT';
  if (waiting.status === 'proposed') return 'HAS_AN_OFFER';
  if (offered.some((each) => each.practitionerId === slot.practitionerId && each.start === slot.start)) {
    return 'OFFERED_BEFORE';
  }
  return busy.some((each) => overlaps(each, slot)) ? 'PATIENT_BUSY' : undefined;
}

/** Times that go on past midnight are of the day on which they begin. */
function isWithin({ start, end, zone }: Interval & { zone: string }, times: WeeklyTimes): boolean {
  const [date, from, length] = [dateIn(start, zone), clockMinutes(start, zone), (end - start) / minute];
  const isOf = (day: string, minutes: number) =>
    times.daysOfWeek.includes(dayOfWeek(day)) &&
    contains(minutesOfSpan(times), { start: minutes, end: minutes + length });
  return isOf(date, from) || isOf(daysAfter(date, -1), from + 24 * 60);
}
