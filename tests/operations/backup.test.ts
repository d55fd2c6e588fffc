import { appendFileSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Progress } from '../../dev/src/progress.ts';
import { backUp } from '../../operations/src/backup.ts';
import { type Manifest, readManifest } from '../../operations/src/manifest.ts';
import { restore } from '../../operations/src/restore.ts';
import { type Caller, until } from '../support/http.ts';
import { platform } from '../support/platform.ts';
import { addPractitioner, freeSlots, query, type Receiving, registerPatient, signedInAs } from '../support/practice.ts';

const progress = new Progress(() => undefined);
const folder = join(mkdtempSync(join(tmpdir(), 'cabinet-backup-')), 'of-today');
let secretary: Caller;
let receiving: Receiving;
let manifest: Manifest;
/** Booked before the backup, and after it. */
let early: { id: string; start: string };
let late: { id: string };
/** Registered before the backup, and after it. */
let patient: { id: string };
let newcomer: { id: string };

async function book(patientId: string): Promise<{ id: string; start: string }> {
  const [start] = await freeSlots(secretary, receiving);
  const { practitionerId, appointmentTypeId } = receiving;
  const answer = await secretary('POST', '/api/appointments', { practitionerId, appointmentTypeId, patientId, start });
  expect(answer.status).toBe(201);
  return answer.body;
}

const appointment = (id: string) => secretary('GET', `/api/appointments/${id}`);

const withRecords = async <T>(work: (client: MongoClient) => Promise<T>): Promise<T> => {
  const client = await MongoClient.connect(platform().databaseUrl('record'));
  try {
    return await work(client);
  } finally {
    await client.close();
  }
};
const recordsOf = (patientId: string) =>
  withRecords((client) => client.db().collection<{ _id: string }>('medical_record').countDocuments({ _id: patientId }));

beforeAll(async () => {
  secretary = await signedInAs('secretary');
  receiving = await addPractitioner(await signedInAs('admin'));
  patient = await registerPatient(secretary);
  early = await book(patient.id);
  await until(async () => (await recordsOf(patient.id)) === 1);
  await backUp(platform(), progress, folder);
  manifest = readManifest(folder);
  newcomer = await registerPatient(secretary);
  late = await book(newcomer.id);
  await until(async () => (await recordsOf(newcomer.id)) === 1);
});
afterAll(() => rmSync(join(folder, '..'), { recursive: true }));

describe('a backup', () => {
  it('holds every database, and nobody else may read it', () => {
    expect(manifest.copies.map(({ service }) => service).sort()).toEqual([...platform().services].sort());
    for (const { file } of manifest.copies) expect(statSync(join(folder, file)).mode & 0o77).toBe(0);
    expect(statSync(folder).mode & 0o77).toBe(0);
  });

  it('brings a lost PostgreSQL database back, with what was booked before it', async () => {
    await loseDatabase('appointment');
    await until(async () => (await appointment(early.id)).status === 503);
    await restore(platform(), progress, folder, ['appointment']);
    await until(async () => (await appointment(early.id)).status === 200);
    expect((await appointment(early.id)).body).toMatchObject({ status: 'booked', start: early.start });
    // What came later is lost with the database, and its time is free again.
    expect((await appointment(late.id)).status).toBe(404);
    expect((await book(patient.id)).id).toBeDefined();
  });

  it('still keeps two people out of one time', async () => {
    const body = { ...receiving, placeId: undefined, patientId: newcomer.id, start: early.start };
    const answer = await secretary('POST', '/api/appointments', body);
    expect([answer.status, answer.body.code]).toEqual([409, 'APPOINTMENT.SLOT_TAKEN']);
  });

  it('brings lost records back, and what happened after it is heard again from Kafka', async () => {
    await withRecords((client) => client.db().dropDatabase());
    expect(await recordsOf(patient.id)).toBe(0);
    await restore(platform(), progress, folder, ['record']);
    expect(await recordsOf(patient.id)).toBe(1);
    // It hears all of the last ten minutes again, which may be the whole seed.
    await until(async () => (await recordsOf(newcomer.id)) === 1, 240_000);
  }, 360_000);

  it('that is damaged changes nothing', async () => {
    const { file } = manifest.copies.find(({ service }) => service === 'patient') as { file: string };
    appendFileSync(join(folder, file), 'x');
    await expect(restore(platform(), progress, folder, ['practitioner', 'patient'])).rejects.toThrow('damaged');
    expect((await secretary('GET', `/api/patients/${newcomer.id}`)).status).toBe(200);
    expect(await query('practitioner', 'select 1 from practitioner limit 1')).toHaveLength(1);
  });
});

async function loseDatabase(service: string): Promise<void> {
  const admin = new pg.Client({ connectionString: platform().adminDatabaseUrl('postgres') });
  await admin.connect();
  await admin.query(`drop database ${service} with (force)`);
  await admin.end();
}
