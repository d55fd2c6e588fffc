import type { Principal } from '@cabinet/kit/access/principal';
import type { Clock } from '@cabinet/kit/clock';
import { effectOfRequest, storedBefore } from '@cabinet/kit/http/request-context';
import { noteSubjects } from '@cabinet/service/audit/subjects';
import { type Page, toPage } from '@cabinet/service/http/pages';
import type { Directory } from './directory.js';
import { LinkTaken, NoSuchRegistration, PatientHasLogin } from './errors.js';
import type { Registrations, Users } from './ports.js';
import type { ShownRegistration } from './registration.js';
import type { User } from './user.js';

/** Who registered themself is nobody until a person of the practice has compared, and said which patient that is. */
export class DecideRegistrations {
  constructor(
    private readonly registrations: Registrations,
    private readonly users: Users,
    private readonly directory: Directory,
    private readonly clock: Clock,
  ) {}

  /** Those whose mail has come, the oldest first; `after` is the id of the last one of the page before. */
  async list({ limit, after }: { limit: number; after?: string }): Promise<Page<ShownRegistration>> {
    return toPage(await this.registrations.list({ now: this.clock.now(), after, limit: limit + 1 }), limit);
  }

  /**
   * Makes the user, who signs in from then on as this patient. A request that is repeated although they are made already gets them.
   * @throws NoSuchRegistration (404) also when somebody was faster, PatientHasLogin (409) naming the user, EmailTaken (409),
   * InvalidInput (422) for a patient who is not known or was erased, Unavailable (503)
   */
  async confirm(id: string, wanted: string, actor: Principal): Promise<User> {
    noteSubjects(id, wanted);
    const stored = await storedBefore((userId) => this.users.find(userId));
    if (stored) return stored;
    const now = this.clock.now();
    const registration = await this.registrations.find(id, now);
    if (!registration) throw new NoSuchRegistration();
    const { patientId } = await this.directory.known({ patientId: wanted });
    const { email, passwordHash } = registration;
    const userId = effectOfRequest().id;
    noteSubjects(userId);
    const rights = { roles: ['patient' as const], patientId, active: true, version: 1, accessVersion: 1 };
    const user = { id: userId, email, passwordHash, ...rights, createdAt: now, updatedAt: now };
    return this.users.add(user, { registrationId: id, actor }).catch((error) => {
      throw error instanceof LinkTaken && error.userId ? new PatientHasLogin(error.userId) : error;
    });
  }

  /** Nothing of it stays; who it was may register again. @throws NoSuchRegistration (404) */
  async refuse(id: string): Promise<void> {
    noteSubjects(id);
    if (!(await this.registrations.remove(id, this.clock.now()))) throw new NoSuchRegistration();
  }
}
