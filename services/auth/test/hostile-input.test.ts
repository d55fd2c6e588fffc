import { randomUUID } from 'node:crypto';
import { type HostileWalk, walkHostile } from '../../../tests/support/hostile-walk.ts';
import { goodPassword, startAuthForTest } from './support.ts';

const email = `${randomUUID()}@practice.example`;

const given: HostileWalk['given'] = {
  'sessions.login': { body: { email: 'admin@cabinet.test', password: goodPassword } },
  'users.create': { body: { email, password: goodPassword, roles: ['secretary'] } },
};

walkHostile({
  service: 'auth',
  given,
  async start() {
    const auth = await startAuthForTest();
    return { call: auth.admin, stop: auth.stop };
  },
});
