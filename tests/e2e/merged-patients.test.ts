import { beforeAll, describe, expect, it } from 'vitest';
import { type Answer, type Caller, caller, until } from '../support/http.ts';
import { platform } from '../support/platform.ts';
import {
  addPractitioner,
  freeSlots,
  type Receiving,
  registerPatient,
  signedInAs,
  signedInAsNew,
} from '../support/practice.ts';

const password = 'an old grey mare likes oats';

let secretary: Caller;
let admin: Caller;
let doctor: Caller;
let receiving: Receiving;

beforeAll(async () => {
  [secretary, admin] = (await Promise.all(['secretary', 'admin'].map(signedInAs))) as [Caller, Caller];
  receiving = await addPractitioner(admin);
  doctor = await signedInAsNew(admin, { roles: ['practitioner'], practitionerId: receiving.practitionerId });
});

const gateway = () => platform().url('gateway');

async function ok(asked: Promise<Answer>): Promise<Answer> {
  const answer = await asked;
  if (answer.status >= 300) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`);
  return answer;
}

describe('a patient who was registered twice', () => {
  it('keeps their login when the two are merged, and the old id leads everybody on', async () => {
    const [{ id: left }, { id: kept }] = [await registerPatient(secretary), await registerPatient(secretary)];
    const email = `${left}@practice.example`;
    const { body: user } = await ok(
      admin('POST', '/api/auth/users', { email, password, roles: ['patient'], patientId: left }),
    );
    const signedIn = await ok(caller(gateway())('POST', '/api/auth/login', { email, password }));
    const cookie = signedIn.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    const { practitionerId, appointmentTypeId } = receiving;
    const slots = await freeSlots(secretary, receiving);
    const booking = { practitionerId, appointmentTypeId };
    const { body: visit } = await ok(
      secretary('POST', '/api/appointments', { ...booking, patientId: left, start: slots.at(-1) }),
    );
    await until(async () => (await doctor('GET', `/api/records/${left}`)).status === 200);
    await ok(secretary('POST', `/api/patients/${left}/merge`, { intoPatientId: kept }));
    await until(async () => (await admin('GET', `/api/auth/users/${user.id}`)).body.patientId === kept);

    const refreshed = await ok(caller(gateway())('POST', '/api/auth/refresh', undefined, { cookie }));
    const patient = caller(gateway(), `Bearer ${refreshed.body.accessToken}`);
    const ids = (answer: Answer) => answer.body.items.map(({ id }: { id: string }) => id);
    await until(async () => ids(await ok(patient('GET', '/api/appointments'))).includes(visit.id));
    await ok(patient('POST', '/api/appointments', { ...booking, patientId: kept, start: slots.at(-4) }));
    expect(ids(await ok(secretary('GET', `/api/appointments?patientId=${left}`)))).toContain(visit.id);
    const overview = (await ok(secretary('GET', `/api/patients/${left}/overview`))).body;
    expect(overview.patient.data.mergedInto).toBe(kept);
    expect(overview.nextVisits.data.items).toHaveLength(2);
    await until(async () => (await doctor('GET', `/api/records/${left}`)).body.patientId === kept);
  });
});
