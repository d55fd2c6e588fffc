import { MongoClient } from 'mongodb';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Caller, until } from '../support/http.ts';
import { readTopic } from '../support/kafka.ts';
import { platform } from '../support/platform.ts';
import { addPractitioner, freeSlots, query, type Receiving, registerPatient, signedInAs } from '../support/practice.ts';

let secretary: Caller;
let admin: Caller;
let receiving: Receiving;

beforeAll(async () => {
  [secretary, admin] = await Promise.all([signedInAs('secretary'), signedInAs('admin')]);
  receiving = await addPractitioner(admin);
});

async function book(patientId: string, start: string) {
  const { practitionerId, appointmentTypeId } = receiving;
  return secretary('POST', '/api/appointments', { patientId, practitionerId, appointmentTypeId, start });
}

const nextVisitOf = async (patientId: string) => (await secretary('GET', `/api/patients/${patientId}`)).body.nextVisit;

const outboxOf = async () => (await query('appointment', 'select event_id from outbox')).length;

describe('appointment, killed between commit and publish', () => {
  it('publishes after its restart, and the event has its effect once', async () => {
    const { id: patientId } = await registerPatient(secretary);
    const [start] = (await freeSlots(secretary, receiving)) as [string];
    await platform().stopProcess('kafka');
    const booked = await book(patientId, start);
    expect(booked.status).toBe(201);
    expect(await outboxOf()).toBeGreaterThan(0);

    const { identity } = platform().process('appointment');
    platform().kill('appointment', 'SIGKILL');
    await platform().startProcess('kafka');
    await platform().whenRestarted('appointment', identity?.pid);
    await until(async () => (await secretary('GET', '/api/appointments?limit=1')).status === 200);

    await until(async () => (await outboxOf()) === 0);
    await until(async () => (await nextVisitOf(patientId))?.appointmentId === booked.body.id);
    const told = (await readTopic(platform().kafka, 'appointment')) as {
      id: string;
      data: { appointmentId: string };
    }[];
    const ids = new Set(told.filter(({ data }) => data.appointmentId === booked.body.id).map(({ id }) => id));
    expect(ids.size).toBe(1);
    const effects = await query('patient', 'select event_id from inbox where event_id = any($1)', [[...ids]]);
    expect(effects).toHaveLength(1);
  });
});

describe('while patient is gone', () => {
  it('appointments are read, new ones refused with 503 and nothing stored, and booked again when it is back', async () => {
    const { id: patientId } = await registerPatient(secretary);
    const [first, second] = (await freeSlots(secretary, receiving)) as [string, string];
    const booked = await book(patientId, first);
    expect(booked.status).toBe(201);
    const other = await registerPatient(secretary);
    await platform().stopProcess('patient');
    try {
      const read = await secretary('GET', `/api/appointments/${booked.body.id}`);
      expect([read.status, read.body.id]).toEqual([200, booked.body.id]);
      const refused = await book(other.id, second);
      expect([refused.status, refused.body.code]).toEqual([503, 'NEIGHBOUR.UNAVAILABLE']);
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
      const gone = await secretary('GET', `/api/patients/${other.id}`);
      expect(gone.status).toBe(503);
      expect(gone.headers.get('content-type')).toContain('application/problem+json');
      expect(await query('appointment', 'select id from appointment where patient_id = $1', [other.id])).toEqual([]);
    } finally {
      await platform().startProcess('patient');
    }
    await until(async () => (await book(other.id, second)).status === 201);
    // The gateway gives a service that failed a pause before it tries again; and no event is left under way to the next test.
    await until(async () => (await nextVisitOf(other.id)) !== undefined);
  });
});

describe('an event that cannot be handled', () => {
  it('is a dead letter with its reason after some tries, holds up no other, and is let go again', async () => {
    const { id: patientId } = await registerPatient(secretary);
    const [start] = (await freeSlots(secretary, receiving)) as [string];
    const path = '/api/system/dead-letters';
    const letters = async () =>
      (await admin('GET', path)).body.items.filter(({ service }: { service: string }) => service === 'patient');
    await query('patient', 'alter table inbox rename to inbox_away');
    let booked: Awaited<ReturnType<typeof book>>;
    try {
      booked = await book(patientId, start);
      expect(booked.status).toBe(201);
      await until(async () => (await letters()).length === 1);
    } finally {
      await query('patient', 'alter table inbox_away rename to inbox');
    }
    expect(await letters()).toMatchObject([{ type: 'appointment.booked', code: 'EVENT.HANDLER_FAILED', tries: 4 }]);
    expect(await nextVisitOf(patientId)).toBeUndefined();
    const meant = { service: 'patient', code: 'EVENT.HANDLER_FAILED' };
    expect((await secretary('POST', `${path}/replay`, meant)).status).toBe(403);
    expect((await admin('POST', `${path}/replay`, meant)).body.counts).toEqual({ patient: 1 });
    await until(async () => (await nextVisitOf(patientId))?.appointmentId === booked.body.id);
    expect(await letters()).toEqual([]);
  });
});

describe('while the database of records is gone', () => {
  it('what records have to hear waits, and has its effect without anybody when it is back', async () => {
    await platform().stopProcess('mongodb');
    let patientId: string;
    try {
      ({ id: patientId } = await registerPatient(secretary));
    } finally {
      await platform().startProcess('mongodb');
    }
    const mongo = await MongoClient.connect(platform().databaseUrl('record'));
    const records = mongo.db().collection<{ _id: string }>('medical_record');
    await until(async () => (await records.findOne({ _id: patientId })) !== null).finally(() => mongo.close());
    const { reasons } = (await admin('GET', '/api/system/dead-letters')).body;
    expect(reasons.filter(({ service }: { service: string }) => service === 'record')).toEqual([]);
  });
});
