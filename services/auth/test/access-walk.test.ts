import { randomUUID } from 'node:crypto';
import { type Fixture, type Made, type Standing, walkAccess } from '../../../tests/support/access-walk.ts';
import type { ServiceUnderTest } from '../../../tests/support/service.ts';
import { type Auth, buildUser, goodPassword, signIn, startAuthForTest } from './support.ts';

let auth: Auth;

/** Roles are those that the account has now, so each caller has an account and signs in. */
async function start(): Promise<ServiceUnderTest> {
  auth = await startAuthForTest();
  const as: ServiceUnderTest['as'] = async ({ roles }) => {
    const { email } = await buildUser(auth, { roles });
    return (await signIn(auth, email)).call;
  };
  return Object.assign(auth, { as });
}

async function created(): Promise<Made> {
  const { id, version } = await buildUser(auth);
  return { params: { id }, version };
}
const unknown = async (): Promise<Made> => ({ params: { id: randomUUID() } });

const standings: Standing[] = [{ name: 'another’s', claims: () => ({}), relations: () => ['other'] }];
const own: Fixture = { make: { there: async () => ({}) }, standings };

walkAccess({
  service: 'auth',
  start,
  fixtures: {
    user: { make: { there: created, unknown }, standings },
    ownUser: own,
    auditHeads: own,
  },
  requests: {
    'users.create': () => ({
      body: { email: `${randomUUID()}@practice.example`, password: goodPassword, roles: ['secretary'] },
    }),
    'users.change': () => ({ body: { active: false } }),
    'sessions.changePassword': () => ({
      body: { currentPassword: goodPassword, newPassword: 'a young white mare likes hay' },
    }),
    'auditHeads.exchange': () => ({ body: { head: { sequence: 1, hash: 'f'.repeat(64) } } }),
  },
});
