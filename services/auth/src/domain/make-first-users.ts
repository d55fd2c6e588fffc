import { createUser, type NewUser } from './administer-users.js';
import { EmailTaken } from './errors.js';
import type { AuthParts } from './sign-in.js';
import { demonstrationDomain, type PersonRole } from './user.js';

const demonstrationPassword = 'cabinet-demo-2026';
const demonstrationUsers: { name: string; roles: PersonRole[] }[] = [
  { name: 'admin', roles: ['admin'] },
  { name: 'secretary', roles: ['secretary'] },
  { name: 'dr.bernard', roles: ['practitioner'] },
  { name: 'alice', roles: ['patient'] },
];

/** Makes the demonstration users that are missing; those that exist stay as they are. */
export async function seedDemonstrationUsers(parts: AuthParts): Promise<void> {
  for (const { name, roles } of demonstrationUsers) {
    const email = `${name}${demonstrationDomain}`;
    if (!(await parts.users.findByEmail(email))) {
      await createUnlessThere(parts, { email, password: demonstrationPassword, roles });
    }
  }
}

/** The first admin of a new practice, who makes the others. Does nothing once there is an admin. */
export async function createFirstAdmin(parts: AuthParts, email: string, password: string): Promise<void> {
  if (!(await parts.users.hasAdmin())) await createUnlessThere(parts, { email, password, roles: ['admin'] });
}

// Replicas that start at once meet here: the unique address lets one of them win.
async function createUnlessThere(parts: AuthParts, user: NewUser): Promise<void> {
  try {
    await createUser(parts, user);
  } catch (error) {
    if (!(error instanceof EmailTaken)) throw error;
  }
}
