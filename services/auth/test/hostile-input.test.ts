import { randomUUID } from 'node:crypto';
import { type HostileWalk, walkHostile } from '../../../tests/support/hostile-walk.ts';
import { issuersFromText } from '../src/domain/trusted-issuer.js';
import { goodPassword, startAuthForTest } from './support.ts';

const email = `${randomUUID()}@practice.example`;

const issuers = issuersFromText.parse(
  JSON.stringify([
    {
      id: 'fc',
      name: 'FranceConnect+',
      kind: 'france-connect-plus',
      issuer: 'https://fc.example',
      clientId: 'practice',
    },
  ]),
);

const given: HostileWalk['given'] = {
  'sessions.login': { body: { email: 'admin@cabinet.test', password: goodPassword } },
  'issuers.arrive': { params: { issuerId: 'fc' } },
  'issuers.goOn': { params: { issuerId: 'fc' } },
  'users.create': { body: { email, password: goodPassword, roles: ['secretary'] } },
};

walkHostile({
  service: 'auth',
  given,
  async start() {
    const auth = await startAuthForTest({ TRUSTED_ISSUERS: issuers });
    return { call: auth.admin, stop: auth.stop };
  },
});
