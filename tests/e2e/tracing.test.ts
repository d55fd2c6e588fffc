import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { until } from '../support/http.ts';
import { platform } from '../support/platform.ts';
import { addPractitioner, freeSlots, registerPatient, signedInAs } from '../support/practice.ts';

/** What a process has logged under a trace, in JSON lines. */
const logged = (process: string, traceId: string) =>
  readFileSync(platform().home.log(process), 'utf8')
    .split('\n')
    .filter((line) => line.includes(traceId));

it('one trace id leads from the gateway through the services and the neighbour they ask to those who hear the event', async () => {
  const [secretary, admin] = await Promise.all([signedInAs('secretary'), signedInAs('admin')]);
  const { placeId: _, ...receiving } = await addPractitioner(admin);
  const [start] = await freeSlots(secretary, { ...receiving, placeId: '' });
  const { id: patientId } = await registerPatient(secretary);

  const traceId = randomBytes(16).toString('hex');
  const traceparent = `00-${traceId}-${randomBytes(8).toString('hex')}-01`;
  const booked = await secretary('POST', '/api/appointments', { patientId, ...receiving, start }, { traceparent });
  expect(booked.status).toBe(201);

  const heard = (process: string, what: RegExp) => logged(process, traceId).some((line) => what.test(line));
  await until(() => heard('appointment', /"route":"\/api\/appointments"/));
  await until(() => heard('gateway', /"status":201/));
  await until(() => heard('patient', /"route":"\/api\/patients\/status"/));
  await until(() => heard('patient', /"msg":"events handled"/));
  await until(() => heard('record', /"msg":"events handled"/));
});
