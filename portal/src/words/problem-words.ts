import { type MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';
import { deskProblems } from './desk-problems.ts';
import { recordProblems } from './record-problems.ts';
import { watchProblems } from './watch-problems.ts';

export interface Words {
  title: MessageDescriptor;
  /** The way on. */
  advice: MessageDescriptor;
}

/** What codes mean to the person in front, where more can be said than by the status. */
const byCode: Record<string, Words> = {
  ...deskProblems,
  ...watchProblems,
  'APPOINTMENT.SLOT_TAKEN': {
    title: msg`Somebody else has just taken this time`,
    advice: msg`Nothing that you typed is lost. Choose another time; the nearest free ones are below.`,
  },
  'APPOINTMENT.PATIENT_BUSY': {
    title: msg`There is another appointment at that time`,
    advice: msg`Choose another time, or move the other appointment first.`,
  },
  'APPOINTMENT.HOLD_EXPIRED': {
    title: msg`The time is no longer kept for you`,
    advice: msg`Nothing that you typed is lost. Try to keep it again, or choose another time.`,
  },
  'APPOINTMENT.TOO_LATE': {
    title: msg`It is too late to do this here`,
    advice: msg`Please telephone the practice.`,
  },
  'APPOINTMENT.TOO_MANY_HOLDS': {
    title: msg`Three other times are being kept already`,
    advice: msg`Finish or leave one of them, or wait until one ends by itself.`,
  },
  'APPOINTMENT.INVALID_TRANSITION': {
    title: msg`This can no longer be done to the appointment`,
    advice: msg`Somebody changed it. Look at it again.`,
  },
  'APPOINTMENT.CALENDAR_STALE': {
    title: msg`It is not known whether the practitioner is free then`,
    advice: msg`Their own calendar cannot be read at the moment. Choose another time.`,
  },
  'APPOINTMENT.NOT_OF_A_SERIES': {
    title: msg`This appointment is not part of a series`,
    advice: msg`Change it alone.`,
  },
  'SERIES.NOT_POSSIBLE': {
    title: msg`Not every appointment of the series is possible`,
    advice: msg`Nothing was changed. Below is said what is in the way of which.`,
  },
  'SERIES.TOO_LONG': {
    title: msg`The series is too long`,
    advice: msg`At most 104 appointments within two years can be booked at once. Let it end sooner.`,
  },
  'WAITING.OFFER_ENDED': {
    title: msg`This time is no longer offered`,
    advice: msg`Nothing was booked, and the place on the list is kept. See what else is free, or wait for the next offer.`,
  },
  'WAITING.ALREADY': {
    title: msg`This is waited for already`,
    advice: msg`Look at the waiting list; leave it there first to wait on other days or at other times.`,
  },
  'WAITING.TOO_MANY': {
    title: msg`Enough is waited for already`,
    advice: msg`Leave one of the places on the waiting list first.`,
  },
  'ABSENCE.CHANGED': {
    title: msg`Something has changed since you looked`,
    advice: msg`Nothing was done. Look again at what becomes of the appointments.`,
  },
  'ABSENCE.TOO_MANY': {
    title: msg`More appointments are touched than can be changed at once`,
    advice: msg`Nothing was done. Plan the absence in shorter parts, one after the other.`,
  },
  'AUTH.WRONG_PASSWORD': {
    title: msg`The password was not changed`,
    advice: msg`The first field has not the password that you sign in with.`,
  },
  'AUTH.PASSWORD_UNSUITABLE': {
    title: msg`The password was not changed`,
    advice: msg`Choose another new one: a few words that nobody would guess.`,
  },
  'AUTH.LAST_FACTOR': {
    title: msg`This is your last second factor`,
    advice: msg`Your role needs one. Add another first, then remove this.`,
  },
  'AUTH.TOO_MANY_PASSKEYS': {
    title: msg`There are twenty passkeys already`,
    advice: msg`Remove one that you no longer use.`,
  },
  'AUTH.PASSKEY_REFUSED': {
    title: msg`This passkey cannot be added`,
    advice: msg`It is in use already, or took too long. Try again.`,
  },
  'AUTH.TOTP_IN_USE': {
    title: msg`An app makes codes already`,
    advice: msg`Turn it off first to set up another.`,
  },
  'AUTH.LOCKED_OUT': {
    title: msg`Too many attempts were wrong`,
    advice: msg`Wait a while, then try again.`,
  },
  'AUTH.ALREADY_DELEGATED': {
    title: msg`They work for you already`,
    advice: msg`End what there is first, to give them something else.`,
  },
  'AUTH.TOO_MANY_DELEGATIONS': {
    title: msg`Enough people work for you already`,
    advice: msg`End what is no longer needed first.`,
  },
  'PATIENT.ERASED': {
    title: msg`The data of this patient has been erased`,
    advice: msg`Nothing personal is left to be shown.`,
  },
  'AUTH.NO_SUCH_CODE': {
    title: msg`The code was not taken`,
    advice: msg`See that it is typed as it was sent. If it is older than an hour, ask for a new one.`,
  },
  'AUTH.PATIENT_HAS_LOGIN': {
    title: msg`This patient can sign in already`,
    advice: msg`Nobody gets a second way in. If it is the same person, an administrator gives them a code for their own.`,
  },
  'AUTH.EMAIL_TAKEN': {
    title: msg`Somebody else signs in with this address`,
    advice: msg`Another address is needed: each person signs in with one of their own.`,
  },
  'AUTH.NO_SUCH_REGISTRATION': {
    title: msg`This registration waits no longer`,
    advice: msg`A colleague decided it, or it has run out. See who waits now.`,
  },
  'PATIENT.MERGE_CONTRADICTION': {
    title: msg`They have different identity numbers`,
    advice: msg`Either they are two people, or one of the numbers is wrong: correct it first.`,
  },
  'PATIENT.MERGE_TARGET': {
    title: msg`Nothing can be joined to that registration`,
    advice: msg`It is no longer in use, or was joined to another already. Look at both again.`,
  },
  'PATIENT.MERGE_TOO_MUCH': {
    title: msg`Together they have too much`,
    advice: msg`Take out addresses and numbers that are no longer in use first.`,
  },
  'PATIENT.RELATED_ALREADY': {
    title: msg`They act for the patient already`,
    advice: msg`Change what there is.`,
  },
  'PATIENT.TOO_MANY_RELATED': {
    title: msg`Enough people act for the patient already`,
    advice: msg`End what is no longer needed first.`,
  },
  'PATIENT.RELATED_TO_YOURSELF': {
    title: msg`This would make you act for somebody`,
    advice: msg`Ask a colleague to look at what shows it, and to enter it.`,
  },
  'REQUEST.IN_FLIGHT': {
    title: msg`It is still being done`,
    advice: msg`Wait a moment, then send it again: it is not done twice.`,
  },
  ...recordProblems,
  'RECORD.NOT_FOUND': {
    title: msg`There is no medical record yet`,
    advice: msg`It is begun when a patient is taken in. Try again in a moment; if there is none then, tell the practice.`,
  },
  'RECORD.ERASED': {
    title: msg`This medical record is closed`,
    advice: msg`Its patient had their data erased. Nobody reads it any more.`,
  },
  'ACCESS.ROLE_NOT_ALLOWED': {
    title: msg`This is not for you to see or do`,
    advice: msg`If it should be, ask the practice.`,
  },
};

const byStatus: Record<number, Words> = {
  400: {
    title: msg`The page sent something that was not understood`,
    advice: msg`Load the page again, then try once more. If it happens again, tell the practice the code below.`,
  },
  403: { title: msg`This is not for you to see or do`, advice: msg`If it should be, ask the practice.` },
  404: { title: msg`There is no such thing here`, advice: msg`It may have been removed, or the address is not whole.` },
  409: {
    title: msg`This is no longer possible as it stands`,
    advice: msg`Something has changed in the meantime. Look again, then decide.`,
  },
  412: {
    title: msg`Somebody changed this while you had it open`,
    advice: msg`Nothing was changed now. Compare what is there with what you wanted, then send it again if it is still needed.`,
  },
  413: {
    title: msg`This is too large`,
    advice: msg`Nothing was changed. Send it in smaller parts.`,
  },
  415: {
    title: msg`This kind of file or letters is not taken`,
    advice: msg`Nothing was changed. Save it in another way, then choose it again.`,
  },
  422: {
    title: msg`Something does not fit yet`,
    advice: msg`See what is said at each field. Nothing that you typed is lost.`,
  },
  428: {
    title: msg`This page does not know the newest state`,
    advice: msg`Your change was not made. Read it again, then send it again.`,
  },
  429: { title: msg`That was too much at once`, advice: msg`Wait a moment; you can go on by yourself after that.` },
  503: {
    title: msg`A part of the practice’s system cannot be reached`,
    advice: msg`Nothing was changed. Try again in a moment.`,
  },
};

interface Told {
  code: string;
  status: number;
  fields?: readonly { path: string }[];
}

/** Ids are typed by nobody: one that is none stood in the address. */
const isOfAddress = (fields: readonly { path: string }[]): boolean =>
  fields.length > 0 && fields.every(({ path }) => /^(?:id|[a-z]+Id)$/.test(path));

const nothingThere: Words = {
  title: msg`There is nothing at this address`,
  advice: msg`Look whether it was copied whole, or begin from the first page.`,
};

/** No answer: it may have happened or not. The same is sent again under the same key, so that it happens once. */
export const noAnswer: Words = {
  title: msg`No answer came`,
  advice: msg`Check your connection and try again. It will not be done twice.`,
};

const unknown: Words = {
  title: msg`Something went wrong on our side`,
  advice: msg`Try again. If it happens again, tell the practice the code below.`,
};

export const wordsOf = ({ code, status, fields = [] }: Told): Words =>
  (isOfAddress(fields) ? nothingThere : byCode[code]) ??
  byStatus[status] ??
  (status > 500 ? (byStatus[503] as Words) : unknown);
