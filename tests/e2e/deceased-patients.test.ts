import { expect, it } from 'vitest';
import { until } from '../support/http.ts';
import { addPractitioner, freeSlots, registerPatient, signedInAs } from '../support/practice.ts';

it('a patient who has died has no visit ahead, and the slot is free again', async () => {
  const [secretary, admin] = [await signedInAs('secretary'), await signedInAs('admin')];
  const receiving = await addPractitioner(admin);
  const { practitionerId, appointmentTypeId } = receiving;
  const { id: patientId } = await registerPatient(secretary);
  const [start] = await freeSlots(secretary, receiving);
  const booked = await secretary('POST', '/api/appointments', { patientId, practitionerId, appointmentTypeId, start });
  expect(booked.status).toBe(201);
  const died = await secretary('DELETE', `/api/patients/${patientId}?reason=deceased`, undefined, { 'if-match': '*' });
  expect(died.status).toBe(200);

  const visit = async () => (await secretary('GET', `/api/appointments/${booked.body.id}`)).body;
  await until(async () => (await visit()).status === 'cancelled');
  expect((await visit()).cancellation).toMatchObject({ code: 'pat-dec' });
  expect(await freeSlots(secretary, receiving)).toContain(start);
  const { body } = await admin('GET', '/api/system/dead-letters');
  expect(body.items.filter(({ service }: { service: string }) => service === 'appointment')).toEqual([]);
});
