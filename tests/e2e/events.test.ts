import { randomUUID } from 'node:crypto';
import { EventKeys } from '@cabinet/service/sidecar/signatures';
import { CommunicationProtocolEnum, DaprClient } from '@dapr/dapr';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { secret } from '../../dev/src/secrets.ts';
import { type Caller, until } from '../support/http.ts';
import { writeToTopic } from '../support/kafka.ts';
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

const appointmentKey = () =>
  new EventKeys(new Map([['appointment', [secret(platform().home, 'event-key-appointment')]]]));

interface Reason {
  service: string;
  code: string;
  count: number;
}

interface Booked {
  patientId: string;
  appointmentId?: string;
  version?: number;
}

/** As the appointment service tells it, but for the signature. */
const booked = ({ patientId, appointmentId = randomUUID(), version = 1 }: Booked) => ({
  id: randomUUID(),
  type: 'appointment.booked',
  source: 'appointment',
  specversion: '1.0',
  // What is signed says when: the sidecar would add a time of its own.
  time: new Date().toISOString(),
  datacontenttype: 'application/json',
  partitionkey: appointmentId,
  data: {
    appointmentId,
    version,
    patientId,
    practitionerId: randomUUID(),
    appointmentTypeId: randomUUID(),
    status: 'booked',
    start: '2099-01-05T09:00:00Z',
    end: '2099-01-05T09:30:00Z',
  },
});

type Told = ReturnType<typeof booked> & { signature?: string };

const signed = (event: Told): Told => ({ ...event, signature: appointmentKey().sign('appointment', event) });

async function publish(event: Told): Promise<void> {
  const answer = await client.pubsub.publish('events', 'appointment', event, {
    contentType: 'application/cloudevents+json',
    metadata: { partitionKey: event.partitionkey },
  });
  expect(answer.error).toBeUndefined();
}

const nextVisitOf = async (patientId: string) => (await secretary('GET', `/api/patients/${patientId}`)).body.nextVisit;

describe('an event', () => {
  it('that is published several times with one id has its effect once', async () => {
    const { id: patientId } = await registerPatient(secretary);
    const event = signed(booked({ patientId }));
    for (let n = 0; n < 3; n += 1) await publish(event);
    const later = signed(booked({ patientId, appointmentId: event.partitionkey, version: 2 }));
    await publish(later);

    // The later one stands behind the others in the same partition, so they have been delivered when it has.
    await until(async () => (await inbox(later.id)) === 1);
    expect(await inbox(event.id)).toBe(1);
    expect((await nextVisitOf(patientId)).appointmentId).toBe(event.partitionkey);
  });

  it('that its teller did not sign, or that is no event at all, has no effect and holds up no other', async () => {
    const { id: patientId } = await registerPatient(secretary);
    const forged = booked({ patientId });
    await publish(forged);
    await publish({ ...signed(booked({ patientId })), signature: signed(booked({ patientId })).signature });
    await writeToTopic(platform().kafka, 'appointment', forged.partitionkey, Buffer.from([0xff, 0x7b, 0x00]));
    const genuine = signed(booked({ patientId, appointmentId: forged.partitionkey }));
    await publish(genuine);
    await until(async () => (await inbox(genuine.id)) === 1);
    expect((await nextVisitOf(patientId)).appointmentId).toBe(forged.partitionkey);
    expect(await inbox(forged.id)).toBe(0);
    const admin = await signedInAs('admin');
    const path = '/api/system/dead-letters';
    const letters = async () =>
      (await admin('GET', path)).body.reasons.map(({ service, code, count }: Reason) => [service, code, count]);
    // Each of the three that hear of appointments keeps what it was brought.
    await expect
      .poll(async () => (await letters()).sort())
      .toEqual([
        ['notification', 'EVENT.NOT_GENUINE', 2],
        ['notification', 'EVENT.UNREADABLE', 1],
        ['patient', 'EVENT.NOT_GENUINE', 2],
        ['patient', 'EVENT.UNREADABLE', 1],
        ['record', 'EVENT.NOT_GENUINE', 2],
        ['record', 'EVENT.UNREADABLE', 1],
      ]);
    for (const code of ['EVENT.NOT_GENUINE', 'EVENT.UNREADABLE']) await admin('POST', `${path}/drop`, { code });
    expect(await letters()).toEqual([]);
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
