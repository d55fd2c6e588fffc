import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '@cabinet/kit/clock';
import { FieldErrors } from '@cabinet/kit/errors';
import { newId } from '@cabinet/kit/ids';
import { isRealDate } from '@cabinet/people/dates';
import { readName } from '@cabinet/people/names';
import { toE164, toEmail } from '@cabinet/people/telecom';
import { noteSubjects } from '@cabinet/service/audit/subjects';
import { NoSuchCode, TooManyRegistrations } from './errors.js';
import { makeCode, type OneTimeCode } from './one-time-code.js';
import type { ChosenPasswords } from './password.js';
import type { Codes, FailedAttempts, Registrations } from './ports.js';
import type { RecoverPassword } from './recover-password.js';
import { countOrRefuse } from './refuse-while-locked.js';
import {
  type Applicant,
  decidedWithinMs,
  type Registration,
  registrationMailPolicy,
  registrationPolicy,
  registrationsMax,
  shownWithinMs,
} from './registration.js';
import type { UseCodes } from './use-codes.js';
import { normaliseEmail } from './user.js';

/** As it was sent. */
export interface Application {
  familyName: string;
  givenNames: string[];
  birthDate: string;
  email: string;
  phone?: string;
  /** The network address it comes from. */
  address: string;
}

/** What whoever has read the mail sends. */
export interface Shown {
  code: string;
  password: string;
  /** The network address it comes from. */
  address: string;
}

/** Longer than what differs takes, so that the time does not tell. */
const sameMs = 150;

/** Somebody whom nobody has invited says who they are; who reads the mail to the address chooses the password. */
export class RegisterOneself {
  constructor(
    private readonly registrations: Registrations,
    private readonly codes: Codes,
    private readonly use: UseCodes,
    private readonly recover: RecoverPassword,
    private readonly attempts: FailedAttempts,
    private readonly chosen: ChosenPasswords,
    private readonly clock: Clock,
  ) {}

  /**
   * Has a code sent to the address. Whether somebody signs in with that already, and whether the practice knows such a patient, tells
   * neither the answer nor its time: who reads the mail learns the one, the desk the other.
   * @throws InvalidInput (422), LockedOut (429) for too many from one network address, TooManyRegistrations (503)
   */
  async begin({ address, ...said }: Application): Promise<void> {
    const now = this.clock.now();
    const { email, ...applicant } = readApplication(said, now);
    const from = this.attempts.registeringSubject(address);
    await countOrRefuse(this.attempts, from, registrationPolicy, now);
    const { begun, shown } = await this.registrations.count(now);
    if (Math.max(begun, shown) >= registrationsMax) throw new TooManyRegistrations();
    const registration: Registration = {
      id: newId(),
      email,
      applicant,
      createdAt: now,
      expiresAt: new Date(now.getTime() + shownWithinMs),
    };
    await Promise.all([this.send(registration), delay(sameMs)]);
  }

  /**
   * The mail has come: now the practice sees the registration. Its password is chosen here and not when it was begun: else whoever
   * names somebody else's address, and has its owner show the code, signs in as them.
   * @throws NoSuchCode (401), PasswordUnsuitable (422), LockedOut (429), Busy (503)
   */
  async show({ code, password, address }: Shown): Promise<void> {
    const { id: codeId, registrationId } = await this.use.find(code, address);
    if (!registrationId) throw new NoSuchCode();
    noteSubjects(registrationId);
    const begun = await this.registrations.begun(registrationId);
    if (!begun) throw new NoSuchCode();
    const { email, applicant } = begun;
    const names = [applicant.familyName, ...applicant.givenNames];
    const passwordHash = await this.chosen.hash(password, { email, names, phone: applicant.phone }, 'password');
    const shownAt = this.clock.now();
    const expiresAt = new Date(shownAt.getTime() + decidedWithinMs);
    await this.registrations.show(registrationId, { codeId, passwordHash, shownAt, expiresAt });
  }

  /**
   * Who has a login is sent a code to set its password anew, as if they had asked for that. To whom too much was sent nothing is: what
   * they had is good still. A registration is kept whoever it is, so that not even their number tells who is known.
   */
  private async send(registration: Registration): Promise<void> {
    const { id: registrationId, email, createdAt, expiresAt } = registration;
    const to = this.attempts.mailSubject(email);
    if ((await this.attempts.countUnlessLocked(to, registrationMailPolicy, createdAt)) > 0) return;
    await this.registrations.begin(registration);
    if (await this.recover.sendIfKnown(email)) return;
    const made: OneTimeCode = { id: newId(), channel: 'mail', registrationId, createdAt, expiresAt };
    await this.codes.add(made, makeCode());
  }
}

const givenNamesMax = 10;

/** @throws InvalidInput (422) naming every field that is wrong */
function readApplication(
  { familyName, givenNames, birthDate, email, phone }: Omit<Application, 'address'>,
  now: Date,
): Applicant & { email: string } {
  const errors = new FieldErrors();
  if (givenNames.length === 0) errors.add('givenNames', 'REQUIRED', 'needs at least one name');
  errors.atMost(givenNamesMax, 'givenNames', givenNames);
  if (!isRealDate(birthDate)) errors.add('birthDate', 'NO_SUCH_DATE', 'must be a date that exists, as YYYY-MM-DD');
  else if (new Date(birthDate) > now) errors.add('birthDate', 'IN_THE_FUTURE', 'must not be in the future');
  const number = phone === undefined ? undefined : toE164(phone);
  if (phone !== undefined && !number) {
    errors.add('phone', 'NO_PHONE_NUMBER', 'is not a phone number; outside France start with +');
  }
  // As the patient service reads it, which compares.
  const mailbox = toEmail(email);
  if (!mailbox) errors.add('email', 'NO_EMAIL', 'is not an e-mail address; letters with accents are written as xn--');
  const read = {
    email: normaliseEmail(mailbox ?? ''),
    familyName: readName(familyName, 'familyName', errors),
    givenNames: givenNames.map((name, nth) => readName(name, `givenNames[${nth}]`, errors)),
    birthDate,
    phone: number,
  };
  errors.throwIfAny();
  return read;
}
