import { randomUUID } from 'node:crypto';
import { type HostileWalk, walkHostile } from '../../../tests/support/hostile-walk.ts';
import type { Caller } from '../../../tests/support/http.ts';
import { issuersFromText } from '../src/domain/trusted-issuer.js';
import { buildUser, goodPassword, signIn, startAuthForTest } from './support.ts';

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

let practitioner: Caller;

const given: HostileWalk['given'] = {
  'delegations.colleagues': { call: (...words) => practitioner(...words) },
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
    const { email } = await buildUser(auth, { roles: ['practitioner'], practitionerId: randomUUID() });
    practitioner = (await signIn(auth, email)).call;
    return { call: auth.admin, stop: auth.stop };
  },
});
