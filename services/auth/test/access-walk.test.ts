import { randomUUID } from 'node:crypto';
import { newId } from '@cabinet/kit/ids';
import { type Fixture, type Made, type Standing, walkAccess } from '../../../tests/support/access-walk.ts';
import { Authenticator } from '../../../tests/support/authenticator.ts';
import { caller } from '../../../tests/support/http.ts';
import type { ServiceUnderTest } from '../../../tests/support/service.ts';
import { issuersFromText } from '../src/domain/trusted-issuer.js';
import { type Auth, buildUser, goodPassword, refresh, signIn, startAuthForTest } from './support.ts';

let auth: Auth;

const someOptions = { challenge: 'AAAA', user: { id: 'AAAA' } };

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

/** Roles are those that the account has now, so each caller has an account and signs in. */
async function start(): Promise<ServiceUnderTest> {
  auth = await startAuthForTest({ TRUSTED_ISSUERS: issuers });
  const as: ServiceUnderTest['as'] = async ({ roles }) => {
    const isEnrolling = roles.includes('enrolling');
    const { id, email } = await buildUser(auth, { roles: isEnrolling ? ['secretary'] : roles });
    const { call, cookie } = await signIn(auth, email);
    if (!isEnrolling) return call;
    await auth.sql.query('update session set enrolling = true where user_id = $1', [id]);
    const { accessToken } = (await refresh(auth, cookie)).body;
    return caller(auth.base, `Bearer ${accessToken}`);
  };
  return Object.assign(auth, { as });
}

async function created(): Promise<Made> {
  const { id, version } = await buildUser(auth);
  return { params: { id }, version };
}
/** Of a patient who waits for being confirmed. */
async function proposed(): Promise<Made> {
  const id = newId();
  await auth.sql.query(
    `insert into identity_link (id, issuer_id, subject, created_at, last_shown_at) values ($1, 'fc', $2, now(), now())`,
    [id, randomUUID()],
  );
  const patientId = randomUUID();
  await buildUser(auth, { roles: ['patient'], patientId });
  return { params: { id }, patientId };
}
const unknown = async (): Promise<Made> => ({ params: { id: randomUUID() } });

const standings: Standing[] = [{ name: 'another’s', claims: () => ({}), relations: () => ['other'] }];
const own: Fixture = { make: { there: async () => ({}) }, standings };
/** Ids of what is one's own are random here: who may ask hears that there is none. */
const nothingThere: Fixture = { make: { unknown }, standings };

walkAccess({
  service: 'auth',
  start,
  fixtures: {
    user: { make: { there: created, unknown }, standings },
    ownUser: own,
    identityLink: { make: { there: proposed, unknown }, standings },
    staff: own,
    auditHeads: own,
    ownSession: nothingThere,
    ownPasskey: nothingThere,
    ownSecondFactor: own,
    code: nothingThere,
    invitation: nothingThere,
    registration: nothingThere,
    // A list has none of others, and nobody ends those: who may what is in delegations.test.ts.
    delegation: { make: {}, standings },
    delegate: own,
    delegationRule: own,
  },
  requests: {
    'users.create': () => ({
      body: { email: `${randomUUID()}@practice.example`, password: goodPassword, roles: ['secretary'] },
    }),
    'users.change': () => ({ body: { active: false } }),
    'sessions.changePassword': () => ({
      body: { currentPassword: goodPassword, newPassword: 'a young white mare likes hay' },
    }),
    // What is refused of these is their content, once it is known who asks.
    'passkeys.add': () => ({
      body: { name: 'Phone', created: new Authenticator().create(someOptions) },
      served: [422],
    }),
    'secondFactors.confirm': () => ({ body: { code: '123456' }, served: [401, 409, 422] }),
    'secondFactors.remake': () => ({ served: [409] }),
    'invitations.invite': () => ({ body: { channel: 'paper', roles: ['patient'], patientId: randomUUID() } }),
    'registrations.confirm': () => ({ body: { patientId: randomUUID() } }),
    'identities.confirm': ({ patientId }) => ({ body: { patientId: patientId ?? randomUUID() } }),
    // They have no agenda that could be delegated.
    'delegations.give': () => ({
      body: { delegateId: randomUUID(), as: 'secretary', scopes: ['agenda'] },
      served: [409],
    }),
    'delegations.setRule': () => ({ body: { secretariesWorkFor: 'all' } }),
    'auditHeads.exchange': () => ({ body: { head: { sequence: 1, hash: 'f'.repeat(64) } } }),
  },
});
