import type { Clock } from '@cabinet/kit/clock';
import { noteSubjects } from '@cabinet/service/audit/subjects';
import { NothingToMail } from './errors.js';
import type { OneTimeCode } from './one-time-code.js';
import type { Codes, Registrations, Users } from './ports.js';

export interface CodeToMail extends OneTimeCode {
  email: string;
  code: string;
}

/** What the service that sends mails asks for, once it has heard that there is something to send. */
export class MailCodes {
  constructor(
    private readonly codes: Codes,
    private readonly users: Users,
    private readonly registrations: Registrations,
    private readonly clock: Clock,
  ) {}

  /** As often as it takes to send it. @throws NothingToMail (404) */
  async get(id: string): Promise<CodeToMail> {
    const found = await this.codes.findToMail(id, this.clock.now());
    if (!found) throw new NothingToMail();
    const { userId, invitation, registrationId } = found;
    if (registrationId) return { ...found, email: await this.addressOf(registrationId) };
    noteSubjects(userId, invitation?.patientId, invitation?.practitionerId);
    const email = userId ? (await this.users.find(userId))?.email : invitation?.email;
    if (!email) throw new NothingToMail();
    return { ...found, email };
  }

  private async addressOf(registrationId: string): Promise<string> {
    noteSubjects(registrationId);
    const email = await this.registrations.addressOf(registrationId);
    if (!email) throw new NothingToMail();
    return email;
  }
}
