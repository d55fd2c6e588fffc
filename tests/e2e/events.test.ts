import { randomUUID } from 'node:crypto';
import { CommunicationProtocolEnum, DaprClient } from '@dapr/dapr';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Caller, until } from '../support/http.ts';
import { platform } from '../support/platform.ts';
import { query, registerPatient, signedInAs } from '../support/practice.ts';

let secretary: Caller;
let client: DaprClient;

beforeAll(async () => {
  secretary = await signedInAs('secretary');
  client = new DaprClient({
    daprHost: '127.0.0.1',
    daprPort: new URL(platform().sidecarUrl('appointment')).port,
    daprApiToken: platform().daprApiToken('appointment'),
    communicationProtocol: CommunicationProtocolEnum.HTTP,
  });
});
afterAll(() => client?.stop());

const booked = (patientId: string) => ({
  id: randomUUID(),
  type: 'appointment.booked',
  source: 'appointment',
  specversion: '1.0',
  datacontenttype: 'application/json',
  data: {
    appointmentId: randomUUID(),
    version: 1,
    patientId,
    practitionerId: randomUUID(),
    appointmentTypeId: randomUUID(),
    status: 'booked',
    start: '2099-01-05T09:00:00Z',
    end: '2099-01-05T09:30:00Z',
  },
});

const publish = (event: ReturnType<typeof booked>) =>
  client.pubsub.publish('events', 'appointment', event, {
    contentType: 'application/cloudevents+json',
    metadata: { partitionKey: event.data.appointmentId },
  });

describe('an event', () => {
  it('that is published several times with one id has its effect once', async () => {
    const { id: patientId } = await registerPatient(secretary);
    const event = booked(patientId);
    for (let n = 0; n < 3; n += 1) expect((await publish(event)).error).toBeUndefined();
    const later = {
      ...booked(patientId),
      data: { ...booked(patientId).data, appointmentId: event.data.appointmentId, version: 2 },
    };
    await publish(later);

    // The later one stands behind the others in the same partition, so they have been delivered when it has.
    await until(async () => (await inbox(later.id)) === 1);
    expect(await inbox(event.id)).toBe(1);
    const { nextVisit } = (await secretary('GET', `/api/patients/${patientId}`)).body;
    expect(nextVisit.appointmentId).toBe(event.data.appointmentId);
  });
});

const inbox = async (eventId: string) =>
  (await query('patient', 'select event_id from inbox where event_id = $1', [eventId])).length;

describe('every sidecar', () => {
  it('takes no call without its token', async () => {
    for (const app of ['patient', 'appointment', 'record', 'gateway']) {
      const answer = await fetch(`${platform().sidecarUrl(app)}/v1.0/metadata`);
      expect([app, answer.status]).toEqual([app, 401]);
    }
  });
});
