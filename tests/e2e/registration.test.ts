import { randomUUID } from 'node:crypto';
import { beforeAll, expect, it } from 'vitest';
import { type Caller, caller, until } from '../support/http.ts';
import { readTopic } from '../support/kafka.ts';
import { platform } from '../support/platform.ts';
import { registerPatient, signedInAs } from '../support/practice.ts';

let secretary: Caller;
const gateway = () => platform().url('gateway');
const password = 'an old grey mare likes oats';

beforeAll(async () => {
  secretary = await signedInAs('secretary');
});

/** What the service that sends mails would send to the address, once it has heard of it. */
async function mailTo(email: string): Promise<{ code: string; purpose: string }> {
  const asService = caller(platform().url('auth'), {
    'dapr-api-token': platform().appApiToken('auth'),
    'dapr-caller-app-id': 'appointment',
  });
  let mail: { code: string; purpose: string } | undefined;
  await until(async () => {
    for (const { type, data } of (await readTopic(platform().kafka, 'auth')) as {
      type: string;
      data: { codeId: string };
    }[]) {
      if (type !== 'code.made') continue;
      const { status, body } = await asService('GET', `/api/auth/codes/${data.codeId}`);
      if (status === 200 && body.email === email) mail = body;
    }
    return mail !== undefined;
  });
  return mail as { code: string; purpose: string };
}

it('lets in a patient who registered themself, once the desk has compared and confirmed', async () => {
  const anybody = caller(gateway());
  const { id: patientId, familyName } = await registerPatient(secretary, {
    birthDate: '1984-07-09',
    givenNames: ['Claire'],
  });
  const said = { familyName, givenNames: ['Claire'], birthDate: '1984-07-09' };
  const email = `${randomUUID()}@home.example`;
  expect((await anybody('POST', '/api/auth/registrations', { ...said, email })).status).toBe(202);
  const { code, purpose } = await mailTo(email);
  expect(purpose).toBe('registration');
  expect((await anybody('POST', '/api/auth/registrations/shown', { code, password })).status).toBe(204);
  const signIn = () => anybody('POST', '/api/auth/login', { email, password });
  const waits = await signIn();
  expect([waits.status, waits.body.code]).toEqual([403, 'AUTH.REGISTRATION_WAITS']);

  const listed = (await secretary('GET', '/api/auth/registrations?limit=200')).body.items;
  const registration = listed.find((each: { email: string }) => each.email === email);
  expect(registration).toMatchObject(said);
  const matches = (await secretary('POST', '/api/patients/matches', { ...said, email })).body.items;
  expect(matches).toMatchObject([
    { patientId, agreement: { familyName: 'same', givenNames: 'same', birthDate: 'same', email: 'unknown' } },
  ]);
  const confirming = `/api/auth/registrations/${registration.id}/confirmation`;
  expect((await secretary('POST', confirming, { patientId })).status).toBe(201);

  const { status, body } = await signIn();
  expect(status).toBe(200);
  const self = caller(gateway(), `Bearer ${body.accessToken}`);
  expect((await self('GET', `/api/patients/${patientId}`)).body).toMatchObject({ id: patientId, familyName });
  // Whoever comes as the same patient is shown to the desk beside the login that there is.
  const second = `${randomUUID()}@home.example`;
  await anybody('POST', '/api/auth/registrations', { ...said, email: second });
  const shown = { code: (await mailTo(second)).code, password };
  await anybody('POST', '/api/auth/registrations/shown', shown);
  const again = (await secretary('GET', '/api/auth/registrations?limit=200')).body.items;
  const other = again.find((each: { email: string }) => each.email === second);
  const refused = await secretary('POST', `/api/auth/registrations/${other.id}/confirmation`, { patientId });
  expect([refused.status, refused.body.code, typeof refused.body.userId]).toEqual([
    409,
    'AUTH.PATIENT_HAS_LOGIN',
    'string',
  ]);
  expect((await secretary('DELETE', `/api/auth/registrations/${other.id}`)).status).toBe(204);
}, 180_000);
