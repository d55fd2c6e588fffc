import type { ActsFor } from '@cabinet/kit/access/principal';

/** A visit as its owner has it now. */
export interface VisitNow {
  id: string;
  version: number;
  /** FHIR R4 AppointmentStatus. */
  status: 'proposed' | 'pending' | 'booked' | 'arrived' | 'fulfilled' | 'cancelled' | 'noshow' | 'waitlist';
  patientId: string;
  practitionerId: string;
  appointmentTypeId: string;
  placeId: string;
  start: Date;
  end: Date;
  /** IANA zone of its place. */
  zone: string;
  /** Of one that is offered: until when. */
  heldUntil?: Date;
  /** FHIR R4 appointment-cancellation-reason. */
  cancellationCode?: string;
  keptFromGuardians: boolean;
}

/** How somebody is called and reached. */
export interface PersonNow {
  id: string;
  active: boolean;
  hasDied: boolean;
  familyName: string;
  givenNames: string[];
  /** Each in one form: addresses as RFC 5321 has them, numbers as E.164. */
  emails: string[];
  /** Mobile numbers first. */
  phones: string[];
}

/** What a patient may say of a visit without signing in, and until when. */
export interface MayAnswer {
  cancelUntil: Date;
  moveUntil: Date;
  /** From then on one knows that one will be late. */
  lateFrom: Date;
  /** Somebody has said that they come. */
  isAccepted: boolean;
  /** Starts of free times near it, of the same practitioner, where they were asked for. */
  otherTimes: Date[];
}

export type VisitAnswer = { by: string; as: 'patient' | 'guardian' | 'carer' } & (
  | { says: 'accept' }
  | { says: 'cancel' }
  | { says: 'delay'; minutes: number }
  | { says: 'move'; start: string }
);

/** Why what was said of a visit is not so; `changed`: it is another one by now, to be looked at again. */
export type AnswerRefused = 'changed' | 'too-late' | 'taken' | 'not-possible';

/** Who acts for a patient, in what and until when. */
export interface ActingNow extends Omit<ActsFor, 'patientId'> {
  recipientId: string;
}

export interface PractitionerNow {
  name: string;
  places: { id: string; name: string }[];
}

/** An alert, for who is to tell somebody of it. */
export interface AlertCall {
  /** How often its steps were laid out: those of a round before tell nobody any more. */
  generation: number;
  /** False: somebody has seen it, or it is over. */
  isCalling: boolean;
}

/** A code that somebody is to have, while it is good. */
export interface CodeNow {
  email: string;
  purpose: 'reset' | 'invitation' | 'registration';
  code: string;
  expiresAt: Date;
}

/** Who acts for whom, as the patient service tells it with all that decides it; kept here, as auth keeps it for tokens. */
export interface Families {
  /** Guardians first; somebody may be both guardian and carer. */
  actingFor(patientId: string): Promise<ActingNow[]>;
}

/**
 * What is due is read from its owners again just before it leaves. Undefined: there is none, or no longer.
 * All of them throw Unavailable when the owner cannot be asked.
 */
export interface Neighbours {
  visit(id: string): Promise<VisitNow | undefined>;
  /** @param otherTimesFor who looks for other times; left out: nobody does */
  mayAnswer(visitId: string, otherTimesFor?: VisitAnswer['as']): Promise<MayAnswer | undefined>;
  /** Says something of a visit in the name of whom a message was sent to, by the rules for patients. */
  answer(visit: Pick<VisitNow, 'id' | 'version'>, answer: VisitAnswer): Promise<'done' | AnswerRefused>;
  person(id: string): Promise<PersonNow | undefined>;
  practitioner(id: string): Promise<PractitionerNow | undefined>;
  code(id: string): Promise<CodeNow | undefined>;
  /** How a practitioner is reached. */
  colleague(id: string): Promise<PersonNow | undefined>;
  alertCall(id: string): Promise<AlertCall | undefined>;
  /** Booked visits that start between the two, for the comparison of each night. */
  bookedVisits(from: Date, to: Date): AsyncIterable<VisitNow[]>;
}
