import { beforeAll, describe, expect, it } from 'vitest';
import { type Answer, type Caller, until } from '../support/http.ts';
import { readTopic } from '../support/kafka.ts';
import { platform } from '../support/platform.ts';
import {
  addPractitioner,
  minutesAhead,
  type Receiving,
  registerPatient,
  signedInAs,
  signedInAsNew,
} from '../support/practice.ts';

const unconscious = { reasonCode: 'unable-to-consent', words: 'Found unconscious in the waiting room' };

let secretary: Caller;
let admin: Caller;
let receiving: Receiving;
/** A practitioner who treats none of the patients here, and is an admin as well. */
let doctor: Caller;

beforeAll(async () => {
  [secretary, admin] = (await Promise.all(['secretary', 'admin'].map(signedInAs))) as [Caller, Caller];
  receiving = await addPractitioner(admin);
  const { practitionerId } = receiving;
  doctor = await signedInAsNew(admin, { roles: ['practitioner', 'admin'], practitionerId });
});

/** Somebody whose registration has opened their record. */
async function newPatient() {
  const { id } = await registerPatient(secretary);
  const self = await signedInAsNew(admin, { roles: ['patient'], patientId: id });
  const path = `/api/records/${id}`;
  await until(async () => (await self('GET', path)).status === 200);
  return { id, self, path };
}

const codeOf = ({ status, body }: Answer) => [status, body.code];
const isClosed = [403, 'RECORD.NO_CARE_RELATION'];
const markOf = ({ status, body }: Answer) => [status, body.emergencyAccess];
/** Open, and by no emergency. */
const isOpen = [200, undefined];

const grantTo = (practitionerId: string) => {
  const until = new Date(Date.now() + 30 * 86_400_000).toISOString();
  return { practitionerId, until };
};

const waits = async (reviewer: Caller, accessId: string): Promise<boolean> => {
  const { status, body } = await reviewer('GET', '/api/records/emergency-accesses?unreviewed=true&limit=200');
  expect(status).toBe(200);
  return body.items.some(({ id }: { id: string }) => id === accessId);
};

describe('the record of a patient whom a practitioner does not treat', () => {
  it('is opened in an emergency, which every answer says and the patient sees, until a reviewer finds no ground', async () => {
    const { id: patientId, self, path } = await newPatient();
    const { practitionerId } = receiving;
    expect(codeOf(await doctor('GET', path))).toEqual(isClosed);
    const opened = await doctor('POST', `${path}/emergency-access`, unconscious);
    expect([opened.status, opened.body]).toMatchObject([201, { patientId, practitionerId, ...unconscious }]);
    const { id, since, until: end } = opened.body;
    const mark = { since, until: end, reasonCode: unconscious.reasonCode };
    expect(markOf(await doctor('GET', path))).toEqual([200, mark]);
    expect(markOf(await doctor('POST', `${path}/notes`, { text: 'Woke up at noon' }))).toEqual([201, mark]);
    expect(markOf(await doctor('GET', `${path}/notes`))).toEqual([200, mark]);

    const told = async () => JSON.stringify(await readTopic(platform().kafka, 'record'));
    await until(async () => (await told()).includes(id));
    expect(await told()).not.toContain(unconscious.words);
    const seen = async () => (await self('GET', `${path}/emergency-accesses`)).body.items;
    expect(await seen()).toMatchObject([{ id, practitionerId, ...unconscious }]);
    expect(markOf(await self('GET', path))).toEqual(isOpen);

    const verdict = { finding: 'not-justified', words: 'The patient was at home, and well' };
    const judging = `${path}/emergency-accesses/${id}/verdict`;
    expect([await waits(doctor, id), await waits(admin, id)]).toEqual([false, true]);
    expect(codeOf(await doctor('POST', judging, verdict))).toEqual([403, 'RECORD.OWN_EMERGENCY']);
    expect((await admin('POST', judging, verdict)).status).toBe(200);
    expect(codeOf(await doctor('GET', path))).toEqual(isClosed);
    expect(codeOf(await doctor('POST', `${path}/notes`, { text: 'Too late' }))).toEqual(isClosed);
    expect(await seen()).toMatchObject([{ id, verdict }]);
    expect(await waits(admin, id)).toBe(false);
  });

  it('is opened to whom the patient lets in by name, until they take it back', async () => {
    const { self, path } = await newPatient();
    const { practitionerId } = await addPractitioner(admin);
    const colleague = await signedInAsNew(admin, { roles: ['practitioner'], practitionerId });
    expect(codeOf(await colleague('GET', path))).toEqual(isClosed);
    const given = await self('POST', `${path}/grants`, grantTo(practitionerId));
    expect([given.status, given.body]).toMatchObject([201, { practitionerId, givenBy: { role: 'patient' } }]);
    expect(markOf(await colleague('GET', path))).toEqual(isOpen);
    expect(codeOf(await doctor('GET', path))).toEqual(isClosed);
    expect((await self('POST', `${path}/grants/${given.body.id}/withdraw`)).status).toBe(200);
    expect(codeOf(await colleague('GET', path))).toEqual(isClosed);
    const { items } = (await self('GET', `${path}/grants`)).body;
    expect(items).toMatchObject([{ id: given.body.id, practitionerId, withdrawnAt: expect.any(String) }]);
  });

  it('is not opened by a visit that a practitioner alone records, but by a grant or in an emergency', async () => {
    const { id: patientId, self, path } = await newPatient();
    const { practitionerId, appointmentTypeId } = receiving;
    const [start] = minutesAhead(2);
    const walkIn = { patientId, practitionerId, appointmentTypeId, start, overbook: { reason: 'Came by' } };
    const booked = await doctor('POST', '/api/appointments', walkIn);
    expect(booked.status).toBe(201);
    expect((await doctor('POST', `/api/appointments/${booked.body.id}/complete`)).status).toBe(200);
    // The visit stands in the record, and still opens it to nobody.
    await until(async () => (await self('GET', `${path}/encounters`)).body.items.length === 1);
    expect(codeOf(await doctor('GET', path))).toEqual(isClosed);

    const { id } = (await self('POST', `${path}/grants`, grantTo(practitionerId))).body;
    expect(markOf(await doctor('GET', path))).toEqual(isOpen);
    await self('POST', `${path}/grants/${id}/withdraw`);
    expect(codeOf(await doctor('GET', path))).toEqual(isClosed);
    expect((await doctor('POST', `${path}/emergency-access`, unconscious)).status).toBe(201);
    expect(markOf(await doctor('GET', path))).toEqual([
      200,
      expect.objectContaining({ reasonCode: 'unable-to-consent' }),
    ]);
  });
});
