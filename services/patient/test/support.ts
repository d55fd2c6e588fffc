import { randomInt, randomUUID } from 'node:crypto';
import { SettableClock } from '@cabinet/kit/clock';
import { newId } from '@cabinet/kit/ids';
import type { CloudEvent } from '@cabinet/service/sidecar/cloud-event';
import type { EventPublisher } from '@cabinet/service/sidecar/publish';
import pg from 'pg';
import { createDatabase } from '../../../tests/support/database.ts';
import { deliverTo, eventKeys } from '../../../tests/support/events.ts';
import { type Caller, caller, until } from '../../../tests/support/http.ts';
import { startTokenIssuer, type TokenClaims } from '../../../tests/support/tokens.ts';
import { startPatient } from '../src/app.js';
import type { Mode } from '../src/domain/identifiers.js';

/** The real service on a real database of its own, with what it told. */
export interface PatientService {
  base: string;
  databaseUrl: string;
  clock: SettableClock;
  published: CloudEvent[];
  sql: pg.Pool;
  as(claims: TokenClaims): Promise<Caller>;
  /** Calls as the service's own sidecar does: for a neighbour, or with an event. */
  sidecar: Caller;
  /** Delivers an event as the sidecar does. */
  deliver(event: { type: string; data: object; id?: string; source?: string }): Promise<number>;
  /** Types of the events told of a patient, once `count` are there. */
  told(patientId: string, count: number): Promise<string[]>;
  stop(): Promise<void>;
}

const appApiToken = 'the-token-of-the-own-sidecar';

export async function startService({
  mode = 'demonstration' as Mode,
  logLevel = 'error' as 'error' | 'silent',
  now = '2026-11-20T10:00:00Z',
  /** Of a service that has stopped, to go on where it left off. */
  databaseUrl = undefined as string | undefined,
} = {}): Promise<PatientService> {
  const url = databaseUrl ?? (await createDatabase('patient'));
  const issuer = await startTokenIssuer();
  const clock = new SettableClock(new Date(now));
  const published: CloudEvent[] = [];
  const publisher: EventPublisher = {
    publish: async (_topic, events) => {
      published.push(...events.map(({ event }) => event));
      return [];
    },
    stop: async () => {},
  };
  const app = await startPatient(
    {
      APP_HOST: '127.0.0.1',
      APP_PORT: 0,
      APP_API_TOKEN: appApiToken,
      EVENT_KEYS: eventKeys,
      CABINET_MODE: mode,
      DAPR_HTTP_PORT: 1,
      DATABASE_URL: url,
      JWKS_URL: issuer.jwksUrl,
      LOG_LEVEL: logLevel,
      REGISTRY_URLS: [],
      TOKEN_ISSUER: 'cabinet',
    },
    { clock, publisher },
  );
  const base = `http://127.0.0.1:${app.port}`;
  await until(async () => (await fetch(`${base}/health/ready`)).ok);
  const sql = new pg.Pool({ connectionString: url, max: 4 });
  const bySidecar = { 'dapr-api-token': appApiToken };
  const plain = caller(base);
  const eventsOf = (id: string) => published.filter(({ data }) => (data as { patientId?: string }).patientId === id);
  return {
    base,
    databaseUrl: url,
    clock,
    published,
    sql,
    as: async (claims) => caller(base, await issuer.bearer(claims)),
    sidecar: (method, path, body, headers) =>
      plain(method, path, body, { ...bySidecar, 'dapr-caller-app-id': 'appointment', ...headers }),
    deliver: async ({ id = newId(), source = 'appointment', type, data }) =>
      (await deliverTo(base, appApiToken)('appointment', { id, type, source, data })).status,
    async told(patientId, count) {
      await until(() => eventsOf(patientId).length >= count);
      return eventsOf(patientId).map(({ type }) => type);
    },
    async stop() {
      await sql.end();
      await app.stop();
      await issuer.stop();
    },
  };
}

const letters = 'abcdefghijklmnopqrstuvwxyz';
const randomName = () => Array.from({ length: 10 }, () => letters[randomInt(26)]).join('');

/** Details of somebody whom no other test has registered. */
export const buildPatient = (overrides: object = {}) => ({
  familyName: `Nom${randomName()}`,
  givenNames: [`Prenom${randomName()}`],
  birthDate: '1980-01-31',
  gender: 'female',
  ...overrides,
});

export const testSystem = 'urn:oid:1.2.250.1.213.1.4.10';

let lastNumber = randomInt(900_000);

/** An INS with a right key that no other test has. */
export function buildIns(): { system: string; value: string } {
  lastNumber = (lastNumber + 1) % 1_000_000;
  const number = `2800175${String(lastNumber).padStart(6, '0')}`;
  const key = 97n - (BigInt(number) % 97n);
  return { system: testSystem, value: `${number}${String(key).padStart(2, '0')}` };
}

export const buildAppointment = (overrides: object = {}) => ({
  appointmentId: randomUUID(),
  version: 1,
  patientId: randomUUID(),
  practitionerId: randomUUID(),
  appointmentTypeId: randomUUID(),
  status: 'booked',
  start: '2026-11-23T08:30:00Z',
  end: '2026-11-23T09:00:00Z',
  ...overrides,
});
