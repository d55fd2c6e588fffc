import { randomInt } from 'node:crypto';
import type { LockoutPolicy } from './lockout.js';
import type { PersonRole } from './user.js';

/** Digits and letters that nobody takes for others (Crockford's base 32, without U). */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const groups = 3;
const groupLength = 4;

/**
 * What is had from the practice, on paper or by mail, and shown once. 60 random bits: nobody finds one by trying, so it alone
 * says what it is for, and no address or name has to be given with it.
 */
export const makeCode = (): string =>
  Array.from({ length: groups }, () =>
    Array.from({ length: groupLength }, () => alphabet[randomInt(alphabet.length)]).join(''),
  ).join('-');

/** As it is written in the store, however somebody typed it: small letters, spaces, O for 0, I and L for 1. */
export const normaliseCode = (code: string): string =>
  code
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[\s\p{Pd}]/gu, '')
    .replaceAll('O', '0')
    .replace(/[IL]/g, '1');

const minutes = 60_000;
const days = 24 * 60 * minutes;

/** How it reaches its person. */
export type CodeChannel = 'mail' | 'paper';

export interface Invitation {
  /** The address to sign in with; whoever is invited gives it when it is left out. */
  email?: string;
  roles: PersonRole[];
  patientId?: string;
  practitionerId?: string;
}

export interface OneTimeCode {
  id: string;
  channel: CodeChannel;
  /** Whose password may be set anew with it; undefined for an invitation. */
  userId?: string;
  invitation?: Invitation;
  /** Whose registration is shown by it. */
  registrationId?: string;
  /** The user who made it for somebody else. */
  madeBy?: string;
  createdAt: Date;
  expiresAt: Date;
}

/** One that may still be accepted. */
export type OpenInvitation = OneTimeCode & { invitation: Invitation };

export type CodePurpose = 'reset' | 'invitation' | 'registration';

export function purposeOf({ invitation, registrationId }: OneTimeCode): CodePurpose {
  if (registrationId) return 'registration';
  return invitation ? 'invitation' : 'reset';
}

/** A mail is read soon or not at all; what is on paper is taken home. */
export const resetMsMax = { mail: 30 * minutes, paper: 2 * days } as const;
export const invitationMsMax = { mail: 14 * days, paper: 30 * days } as const;

/** What the practice may have mailed to one address, whose owner may know of nothing: five invitations, then one an hour. */
export const invitationMailPolicy: LockoutPolicy = {
  freeFailures: 5,
  firstWaitMs: 60 * minutes,
  waitMsMax: 60 * minutes,
  forgetAfterMs: days,
};

const mailPauseMs = 2 * minutes;
export const mailsAtPauseMax = 5;
export const mailsCountedMs = days;

/**
 * Whoever asks again too soon gets no second mail, so that nobody's mailbox is filled by others. After some in a day one is sent
 * when the last has run out: whoever else asks, its owner has one that is good.
 * @param mailed when mails were sent within a day, the last one first
 */
export function mayMail([last, ...earlier]: Date[], now: Date): boolean {
  if (!last) return true;
  const pauseMs = earlier.length + 1 < mailsAtPauseMax ? mailPauseMs : resetMsMax.mail;
  return now.getTime() - last.getTime() >= pauseMs;
}
