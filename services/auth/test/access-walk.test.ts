import { randomUUID } from 'node:crypto';
import { newId } from '@cabinet/kit/ids';
import { type Fixture, type Made, type Standing, walkAccess } from '../../../tests/support/access-walk.ts';
import { Authenticator } from '../../../tests/support/authenticator.ts';
import { type Caller, caller } from '../../../tests/support/http.ts';
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
  const as: ServiceUnderTest['as'] = async ({ roles, practitionerId }) => {
    const isEnrolling = roles.includes('enrolling');
    const isPractitioner = roles.includes('practitioner');
    const linked = isPractitioner ? { practitionerId } : {};
    const { id, email } = await buildUser(auth, { roles: isEnrolling ? ['secretary'] : roles, ...linked });
    const { call, cookie } = await signIn(auth, email);
    if (practitionerId && isPractitioner) await delegate(call);
    else if (practitionerId && roles.includes('secretary')) await delegated(id);
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
/** To somebody of the desk, who is new there if nobody is named. */
async function delegate(call: Caller, delegateId?: string): Promise<string> {
  const to = delegateId ?? (await buildUser(auth)).id;
  const answer = await call('POST', '/api/auth/delegations', { delegateId: to, as: 'secretary', scopes: ['agenda'] });
  if (answer.status !== 201) throw new Error(`not delegated: ${JSON.stringify(answer.body)}`);
  return answer.body.id;
}
async function delegated(delegateId?: string): Promise<Made> {
  const practitioner = await buildUser(auth, { roles: ['practitioner'], practitionerId: randomUUID() });
  const { call } = await signIn(auth, practitioner.email);
  return { params: { id: await delegate(call, delegateId) } };
}
const unknown = async (): Promise<Made> => ({ params: { id: randomUUID() } });

const standings: Standing[] = [{ name: 'another’s', claims: () => ({}), relations: () => ['other'] }];
/** A list has none of others: practitioners have given one, and secretaries have one. */
const whoHaveOne = standings.map((each) => ({ ...each, claims: () => ({ practitionerId: randomUUID() }) }));
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
    delegation: { make: { there: () => delegated(), unknown }, standings: whoHaveOne },
    delegate: own,
    delegationRule: own,
    delegationRuleVersion: own,
  },
  requests: {
    'users.create': () => ({
      body: { email: `${randomUUID()}@practice.example`, password: goodPassword, roles: ['secretary'] },
    }),
    'users.search': ({ params }) => ({ body: { ids: [params?.id] } }),
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
    'delegations.give': async () => ({
      body: { delegateId: (await buildUser(auth)).id, as: 'secretary', scopes: ['agenda'] },
    }),
    'delegations.setRule': () => ({ body: { secretariesWorkFor: 'all' } }),
    'auditHeads.exchange': () => ({ body: { head: { sequence: 1, hash: 'f'.repeat(64) } } }),
  },
});
