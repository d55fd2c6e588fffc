import type { FieldErrors } from '@cabinet/kit/errors';

/** How an appointment takes place. */
export const modes = ['in-person', 'video', 'home'] as const;
export type Mode = (typeof modes)[number];

/** Where on the clock of the place slots start: at `offsetMinutes` past the hour and every so many minutes from there. */
export interface Alignment {
  everyMinutes: number;
  offsetMinutes: number;
}

/** A room or device is needed, any one of these; they are ids of resources. */
export interface Need {
  anyOf: string[];
}

/** Longest time that is kept free before or after an appointment, in minutes; the API takes no longer one. */
export const bufferMinutesMax = 240;

/** How one practitioner's appointments of one type are booked. */
export interface BookingRules {
  /** Kept free before and after each appointment, on top of what its neighbours keep free. */
  bufferBeforeMinutes: number;
  bufferAfterMinutes: number;
  /** Absent: slots follow one another from the beginning of each opening. */
  alignment?: Alignment;
  /** Patients book at least so long ahead. */
  noticeMinutes: number;
  /** Patients book at most so many days ahead, the last one whole. */
  horizonDays?: number;
  /** Appointments of this type on one day, at most. */
  dailyMax?: number;
  bookableBy: 'patients' | 'staff';
  /** The first one is taken when none is asked for. */
  modes: Mode[];
  /** Where a video appointment takes place. */
  videoLink?: string;
  /** Patients who come together to one appointment (group visits). */
  capacity: number;
  needs: Need[];
  /** What a patient books is pending until staff confirm it; it takes its time all the while. */
  needsConfirmation: boolean;
  /** Patients cancel and move at least so long before the appointment; staff may later. */
  cancelNoticeMinutes: number;
  moveNoticeMinutes: number;
}

export interface TypeRules extends BookingRules {
  appointmentTypeId: string;
}

/** What holds while nothing was set for a type. */
export const usualRules: BookingRules = {
  bufferBeforeMinutes: 0,
  bufferAfterMinutes: 0,
  noticeMinutes: 0,
  bookableBy: 'patients',
  modes: ['in-person'],
  capacity: 1,
  needs: [],
  needsConfirmation: false,
  cancelNoticeMinutes: 0,
  moveNoticeMinutes: 0,
};

/** What holds for a type; what was set before a rule existed lacks it. */
export const rulesFor = (appointmentTypeId: string, rules: readonly TypeRules[]): BookingRules => ({
  ...usualRules,
  ...rules.find((each) => each.appointmentTypeId === appointmentTypeId),
});

/** True when the seat, room or place in the day of an appointment depends on what is taken, so that this must be read first. */
export const dependsOnTaken = ({ capacity, dailyMax, needs }: BookingRules): boolean =>
  capacity > 1 || dailyMax !== undefined || needs.length > 0;

export function checkRules(rules: TypeRules, at: string, errors: FieldErrors): void {
  if (rules.alignment && rules.alignment.offsetMinutes >= rules.alignment.everyMinutes) {
    errors.add(`${at}.alignment.offsetMinutes`, 'TOO_LARGE', 'must be less than everyMinutes');
  }
  if (rules.videoLink && !rules.modes.includes('video')) {
    errors.add(`${at}.videoLink`, 'NO_VIDEO', 'is of use only when modes has video in it');
  }
  if (rules.videoLink && !isWebAddress(rules.videoLink)) {
    errors.add(`${at}.videoLink`, 'INVALID_LINK', 'must be an https address');
  }
}

const isWebAddress = (text: string): boolean => URL.canParse(text) && new URL(text).protocol === 'https:';
