import type { AdministerUsers, NewUser } from './administer-users.js';
import { EmailTaken } from './errors.js';
import type { Users } from './ports.js';
import { demonstrationDomain, type PersonRole } from './user.js';

const demonstrationPassword = 'cabinet-demo-2026';
const demonstrationUsers: { name: string; roles: PersonRole[] }[] = [
  { name: 'admin', roles: ['admin'] },
  { name: 'secretary', roles: ['secretary'] },
  { name: 'dr.bernard', roles: ['practitioner'] },
  { name: 'alice', roles: ['patient'] },
];

/** Whom a practice has before anybody has signed in. */
export class MakeFirstUsers {
  constructor(
    private readonly users: Users,
    private readonly administer: AdministerUsers,
  ) {}

  /** Makes the demonstration users that are missing; those that exist stay as they are. */
  async ofDemonstration(): Promise<void> {
    for (const { name, roles } of demonstrationUsers) {
      const email = `${name}${demonstrationDomain}`;
      if (await this.users.findByEmail(email)) continue;
      await this.createUnlessThere({ email, password: demonstrationPassword, roles });
    }
  }

  /** The first admin of a new practice, who makes the others. Does nothing once there is an admin. */
  async admin(email: string, password: string): Promise<void> {
    if (!(await this.users.hasAdmin())) await this.createUnlessThere({ email, password, roles: ['admin'] });
  }

  // Replicas that start at once meet here: the unique address lets one of them win.
  private async createUnlessThere(user: NewUser): Promise<void> {
    try {
      await this.administer.create(user);
    } catch (error) {
      if (!(error instanceof EmailTaken)) throw error;
    }
  }
}
