import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { CloudEvent } from '@cabinet/service/sidecar/cloud-event';
import pg from 'pg';
import { createDatabase } from '../../../tests/support/database.ts';
import type { Caller } from '../../../tests/support/http.ts';
import { type ServiceUnderTest, startForTest, withMore } from '../../../tests/support/service.ts';
import { type Overrides, startWearable } from '../src/app.js';
import type { Config } from '../src/config.js';

/** Stands where the sidecar stands, and answers for the appointment service behind it. */
class Relations {
  /** `patientId practitionerId` of those who come to each other; with `from to` of one in that time. */
  readonly there = new Set<string>();
  isAway = false;
  private readonly server = createServer((req, res) => {
    const { pathname, searchParams } = new URL(req.url ?? '/', 'http://sidecar');
    const isAsked = req.headers['dapr-app-id'] === 'appointment' && pathname === '/api/appointments/care-relation';
    const [patientId, practitionerId, ...term] = ['patientId', 'practitionerId', 'from', 'to']
      .map((name) => searchParams.get(name))
      .filter((each) => each !== null);
    const exists = this.there.has([patientId, practitionerId, ...term].join(' '));
    res.writeHead(this.isAway || !isAsked ? 500 : 200, { 'content-type': 'application/json' });
    res.end(JSON.stringify({ patientId, practitionerId, exists }));
  });

  async listen(): Promise<number> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return (this.server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

/** The real service on a real database of its own, with what it told and who treats whom. */
export interface WearableService extends ServiceUnderTest {
  relations: Relations;
  sql: pg.Pool;
  /** How many rows a table has of a patient, or of all. */
  count(table: string, where?: string, values?: unknown[]): Promise<number>;
  /** What the audit trail has of a patient. */
  actionsOn(patientId: string): Promise<string[]>;
  /** The readings of a patient that were told, in order, once there are `count`. */
  readingsTold(patientId: string, count: number): Promise<ToldReading[]>;
}

type ToldReading = Record<string, unknown> & { readingId: string; value: number };

export async function startService(
  settings: Partial<Config> = {},
  overrides: Overrides = {},
): Promise<WearableService> {
  const relations = new Relations();
  const databaseUrl = await createDatabase('wearable');
  const service = await startForTest(startWearable, {
    databaseUrl,
    overrides,
    settings: {
      READINGS_IN_FLIGHT_MAX: 20_000,
      READINGS_UNTOLD_MAX: 2_000_000,
      DAPR_HTTP_PORT: await relations.listen(),
      ...settings,
    },
  });
  const sql = new pg.Pool({ connectionString: databaseUrl, max: 2 });
  const more = {
    relations,
    sql,
    async count(table: string, where = 'true', values: unknown[] = []) {
      const { rows } = await sql.query(`select count(*) from ${table} where ${where}`, values);
      return Number(rows[0].count);
    },
    async actionsOn(patientId: string) {
      const { rows } = await sql.query(
        'select action, outcome from audit_event where subjects @> array[$1] order by sequence',
        [patientId],
      );
      return rows.map(({ action, outcome }) => `${action} ${outcome}`);
    },
    async readingsTold(patientId: string, count: number) {
      await service.told(patientId, count);
      return service.published
        .filter(
          ({ type, data }: CloudEvent) => type === 'reading-taken' && (data as ToldReading).patientId === patientId,
        )
        .map(({ data }) => data as ToldReading);
    },
  };
  return withMore(service, more, async () => {
    await sql.end();
    await relations.stop();
  });
}

/** A pulse, as an app sends it. */
export const pulse = (overrides: object = {}) => ({
  code: '8867-4',
  value: 72,
  unit: '/min',
  effectiveAt: '2026-11-20T09:00:00+01:00',
  ...overrides,
});

export interface Patient {
  patientId: string;
  self: Caller;
}

export async function newPatient(service: ServiceUnderTest): Promise<Patient> {
  const patientId = randomUUID();
  return { patientId, self: await service.as({ roles: ['patient'], patientId }) };
}

/** A device that is paired with a patient by themselves, with its token. */
export async function pairedDevice({ patientId, self }: Patient, overrides: object = {}) {
  const { status, body } = await self('POST', '/api/devices', { patientId, name: 'Montre', ...overrides });
  if (status !== 201) throw new Error(`not paired: ${status} ${JSON.stringify(body)}`);
  return { id: body.id as string, token: body.token as string, body };
}

/** Sends as a device does, which has not signed in. */
export const sendAs = async (service: ServiceUnderTest, token: string | undefined, readings: object[]) => {
  const headers = { 'content-type': 'application/json', ...(token !== undefined && { 'device-token': token }) };
  const body = JSON.stringify({ readings });
  const response = await fetch(`${service.base}/api/readings/from-device`, { method: 'POST', headers, body });
  return { status: response.status, headers: response.headers, body: JSON.parse(await response.text()) };
};

export const patientEvent = (type: string, data: object) => ({ id: randomUUID(), type, source: 'patient', data });
export const merged = (patientId: string, mergedIntoPatientId: string) =>
  patientEvent('patient.merged', { patientId, version: 2, mergedIntoPatientId });
export const erased = (patientId: string) => patientEvent('patient.erased', { patientId, version: 3 });
