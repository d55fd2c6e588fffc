import type { Principal } from '@cabinet/kit/access/principal';
import { type Page, toPage } from '@cabinet/service/http/pages';
import { NoSuchUser } from './errors.js';
import type { StaffMember, Users } from './ports.js';
import type { User } from './user.js';

export class FindUsers {
  constructor(private readonly users: Users) {}

  /** @throws NoSuchUser (404) */
  async get(id: string): Promise<User> {
    const user = await this.users.find(id);
    if (!user) throw new NoSuchUser();
    return user;
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
}
