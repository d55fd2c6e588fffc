import type { LockoutPolicy } from './lockout.js';

/** Who somebody says they are, for whoever compares that with what the practice knows. */
export interface Applicant {
  familyName: string;
  givenNames: string[];
  /** YYYY-MM-DD */
  birthDate: string;
  /** E.164 */
  phone?: string;
}

/** That somebody wants to sign in as the patient they say they are. It is no user, and lets in to nothing. */
export interface Registration {
  id: string;
  /** Normalised; what they will sign in with. */
  email: string;
  applicant: Applicant;
  createdAt: Date;
  expiresAt: Date;
}

/** One whose mail has come: now the practice sees it. */
export interface ShownRegistration extends Registration {
  /** Chosen by who read the mail, since anybody may have given the address. */
  passwordHash: string;
}

const minutes = 60_000;
const days = 24 * 60 * minutes;

/** A mail is read soon or not at all. */
export const shownWithinMs = 60 * minutes;
/** The practice has so long to decide. */
export const decidedWithinMs = 30 * days;
/** Of those whose mail is to be read, and again of those that the practice is to decide: anybody may register. */
export const registrationsMax = 1_000;

/** Each counts, whatever comes of it. A practice has one address for everybody in its waiting room. */
export const registrationPolicy: LockoutPolicy = {
  freeFailures: 10,
  firstWaitMs: 10 * minutes,
  waitMsMax: 4 * 60 * minutes,
  forgetAfterMs: 4 * 60 * minutes,
};

/** What strangers may have mailed to an address whose owner knows of nothing: one, then the next after a wait that grows. */
export const registrationMailPolicy: LockoutPolicy = {
  freeFailures: 1,
  firstWaitMs: 2 * minutes,
  waitMsMax: 30 * minutes,
  forgetAfterMs: days,
};
