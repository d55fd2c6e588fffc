import type { MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';
import type { Offer, PassedOver, Waiting } from '../api/types.ts';
import { formatIn } from '../time/zone.ts';

type DayOfWeek = Waiting['times'][number]['daysOfWeek'][number];

export const daysOfWeek: readonly DayOfWeek[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

/** `Monday`, in a language. */
export function dayName(day: DayOfWeek, language: string, weekday: 'long' | 'short' = 'long'): string {
  // The first of June 2026 is a Monday.
  const date = new Date(Date.UTC(2026, 5, 1 + daysOfWeek.indexOf(day)));
  return formatIn(language, { weekday, timeZone: 'UTC' }).format(date);
}

export const waitingStates: Record<Waiting['status'], MessageDescriptor> = {
  waitlist: msg`waits`,
  proposed: msg`a time is offered`,
  booked: msg`has an appointment`,
  cancelled: msg`no longer on the list`,
};

export const endings: Record<NonNullable<Waiting['ended']>, MessageDescriptor> = {
  withdrawn: msg`left the list`,
  over: msg`the last date has passed`,
  merged: msg`goes on under another registration`,
  erased: msg`the patient’s data was erased`,
  deceased: msg`the patient has died`,
  'practitioner-left': msg`the practitioner no longer receives`,
};

export const priorities: Record<Waiting['priority'], MessageDescriptor> = {
  stat: msg`at once`,
  asap: msg`as soon as possible`,
  urgent: msg`urgent`,
  routine: msg`in turn`,
};

export const offerStates: Record<Offer['status'], MessageDescriptor> = {
  open: msg`waits for an answer`,
  accepted: msg`taken`,
  refused: msg`not wanted`,
  lapsed: msg`not answered in time`,
};

/** Why somebody in front was not offered a time. */
export const passedOverReasons: Record<PassedOver['code'], MessageDescriptor> = {
  HAS_AN_OFFER: msg`another time was being offered to them`,
  OFFERED_BEFORE: msg`they had been offered that time before`,
  OUTSIDE_DATES: msg`it is not between the dates they gave`,
  OTHER_TIMES: msg`it is not on the days or at the times they gave`,
  NOTICE_TOO_SHORT: msg`it was sooner than they can come`,
  PATIENT_BUSY: msg`they have another appointment then`,
};
