import { decodeJwt } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Caller, caller, until } from '../support/http.ts';
import { platform } from '../support/platform.ts';
import {
  addPractitioner,
  freeSlots,
  newLogin,
  type Receiving,
  registerPatient,
  signedInAs,
} from '../support/practice.ts';

let admin: Caller;
let desk: Caller;
let receiving: Receiving;
let doctor: Caller;

/** Somebody new, who signs in as often as is wanted. */
async function colleague(who: Parameters<typeof newLogin>[1]) {
  const login = await newLogin(admin, who);
  const gateway = platform().url('gateway');
  const signIn = async () => {
    const { body } = await caller(gateway)('POST', '/api/auth/login', login);
    return {
      call: caller(gateway, `Bearer ${body.accessToken}`),
      ...decodeJwt<{ delegated?: object[] }>(body.accessToken),
    };
  };
  return { signIn, id: (await signIn()).sub as string };
}

const path = '/api/auth/delegations';

/** Until every door has heard that a token is good for nothing, ten seconds at most. */
async function isRefused(call: Caller, address: string): Promise<void> {
  const since = Date.now();
  await until(async () => (await call('GET', address)).status === 401, 10_000, 250);
  expect(Date.now() - since).toBeLessThan(10_000);
}

beforeAll(async () => {
  [admin, desk] = (await Promise.all(['admin', 'secretary'].map(signedInAs))) as [Caller, Caller];
  receiving = await addPractitioner(admin);
  const { practitionerId } = receiving;
  doctor = (await (await colleague({ roles: ['practitioner'], practitionerId })).signIn()).call;
});

describe('what a practitioner delegates', () => {
  it('is done by the secretary in the name of both, until it is taken back', async () => {
    const secretary = await colleague({ roles: ['secretary'] });
    const given = await doctor('POST', path, { delegateId: secretary.id, as: 'secretary', scopes: ['agenda'] });
    expect(given.status).toBe(201);
    const { call, delegated } = await secretary.signIn();
    expect(delegated).toContainEqual({ practitioner: receiving.practitionerId, as: 'secretary', scopes: ['agenda'] });

    const patient = await registerPatient(desk);
    const { practitionerId, appointmentTypeId } = receiving;
    const [start] = await freeSlots(call, receiving);
    const booking = { patientId: patient.id, practitionerId, appointmentTypeId, start };
    const booked = await call('POST', '/api/appointments', booking);
    expect(booked.status).toBe(201);

    const login = await newLogin(admin, { roles: ['patient'], patientId: patient.id });
    const gateway = platform().url('gateway');
    const { body } = await caller(gateway)('POST', '/api/auth/login', login);
    const self = caller(gateway, { authorization: `Bearer ${body.accessToken}`, 'accept-language': 'en' });
    const seen = (await self('GET', `/api/patients/${patient.id}/accesses`)).body.items;
    expect(seen).toContainEqual(
      expect.objectContaining({
        role: 'secretary',
        onBehalfOf: practitionerId,
        text: expect.stringMatching(/^A secretary for Camille \S+ changed your appointments/),
      }),
    );

    expect((await doctor('DELETE', `${path}/${given.body.id}`)).status).toBe(204);
    await isRefused(call, `/api/appointments/${booked.body.id}`);
    expect((await secretary.signIn()).delegated).not.toContainEqual(
      expect.objectContaining({ practitioner: practitionerId }),
    );
  });

  it('opens the agenda to who stands in, and closes it with the delegation', async () => {
    const own = await addPractitioner(admin);
    const locum = await colleague({ roles: ['practitioner'], practitionerId: own.practitionerId });
    const patient = await registerPatient(desk);
    const { practitionerId, appointmentTypeId } = receiving;
    const [start] = await freeSlots(desk, receiving);
    const booking = { patientId: patient.id, practitionerId, appointmentTypeId, start };
    const address = `/api/appointments/${(await desk('POST', '/api/appointments', booking)).body.id}`;
    const record = `/api/records/${patient.id}`;
    const before = (await locum.signIn()).call;
    expect((await before('GET', address)).status).toBe(404);

    const weeks = new Date(Date.now() + 14 * 86_400_000).toISOString();
    const wanted = { delegateId: locum.id, as: 'locum', scopes: ['agenda'], until: weeks };
    const given = await doctor('POST', path, wanted);
    expect(given.status).toBe(201);
    await isRefused(before, address);
    const during = (await locum.signIn()).call;
    expect((await during('GET', address)).status).toBe(200);
    await until(async () => (await during('GET', record)).status === 200);

    expect((await doctor('DELETE', `${path}/${given.body.id}`)).status).toBe(204);
    await isRefused(during, address);
    const after = (await locum.signIn()).call;
    expect([(await after('GET', address)).status, (await after('GET', record)).status]).toEqual([404, 403]);
  });
});
