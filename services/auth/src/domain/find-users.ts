import type { Principal } from '@cabinet/kit/access/principal';
import type { Clock } from '@cabinet/kit/clock';
import { invalidField } from '@cabinet/kit/errors';
import { type Page, toPage } from '@cabinet/service/http/pages';
import { NoSuchUser } from './errors.js';
import type { SecondFactors, Sessions, StaffMember, UserQuestion, Users } from './ports.js';
import type { Factors } from './second-factor.js';
import { normaliseEmail, type User } from './user.js';

/** More are not counted. */
const openMax = 100;

/** How somebody signs in, and when they last did. */
export interface SignIns extends Pick<Factors, 'totp' | 'passkeys'> {
  /** Not known of who has not for two weeks: sessions are forgotten a week after their end. */
  lastAt?: Date;
  /** Where they are signed in now. */
  open: number;
}

export class FindUsers {
  constructor(
    private readonly users: Users,
    private readonly sessions: Pick<Sessions, 'openOf' | 'lastBegunOf'>,
    private readonly factors: Pick<SecondFactors, 'of'>,
    private readonly clock: Clock,
  ) {}

  /** @throws NoSuchUser (404) */
  async get(id: string): Promise<User> {
    const user = await this.users.find(id);
    if (!user) throw new NoSuchUser();
    return user;
  }

  /** @throws NoSuchUser (404) */
  async signInsOf(id: string): Promise<SignIns> {
    await this.get(id);
    const [{ totp, passkeys }, lastAt, open] = await Promise.all([
      this.factors.of(id),
      this.sessions.lastBegunOf(id),
      this.sessions.openOf(id, this.clock.now(), openMax),
    ]);
    return { totp, passkeys, lastAt, open: open.length };
  }

  /** Who asks. @throws NoSuchUser (404) */
  self(actor: Principal): Promise<User> {
    return this.get(actor.id);
  }

  /** For who looks whether somebody of the practice saw more than their work asks for. */
  staff(): Promise<StaffMember[]> {
    return this.users.staff();
  }

  /** Oldest first; `after` is the id of the last user of the page before. */
  async list(limit: number, after?: string): Promise<Page<User>> {
    const users = await this.users.list({ after, limit: limit + 1 });
    return toPage(users, limit);
  }

  /**
   * Oldest first. Of more than `limit` the first are told: whoever wants others asks by more of the address.
   * @throws InvalidInput (422) when nobody is asked for
   */
  async search({ email, ids }: UserQuestion, limit: number): Promise<User[]> {
    if (email === undefined && ids === undefined) throw invalidField('email', 'REQUIRED', 'or ids is required');
    return this.users.search({ email: email && normaliseEmail(email), ids }, limit);
  }
}
