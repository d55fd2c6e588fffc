import { randomInt, randomUUID } from 'node:crypto';
import { usualAges } from '@cabinet/access/family';
import { newId } from '@cabinet/kit/ids';
import pg from 'pg';
import { createDatabase } from '../../../tests/support/database.ts';
import { type ServiceUnderTest, startForTest, withMore } from '../../../tests/support/service.ts';
import { type Overrides, startPatient } from '../src/app.js';
import type { Config } from '../src/config.js';
import { readAges } from '../src/domain/ages.js';
import type { Mode } from '../src/domain/identifiers.js';

/** The real service on a real database of its own, with what it told. */
export interface PatientService extends ServiceUnderTest {
  sql: pg.Pool;
  /** Delivers an event as the sidecar does. @returns the status of the answer */
  deliver(event: { type: string; data: object; id?: string; source?: string }): Promise<number>;
}

export async function startService({
  mode = 'demonstration' as Mode,
  logLevel = 'error' as 'error' | 'silent',
  now = '2026-11-20T10:00:00Z',
  /** Of a service that has stopped, to go on where it left off. */
  databaseUrl = undefined as string | undefined,
  agesEveryMs = undefined as number | undefined,
  accessesEveryMs = undefined as number | undefined,
  forgetsEveryMs = undefined as number | undefined,
  sidecarPort = undefined as number | undefined,
  familyAges = usualAges,
  sharePercent = 20,
} = {}): Promise<PatientService> {
  const url = databaseUrl ?? (await createDatabase('patient'));
  const service = await startForTest<Config, Overrides>(startPatient, {
    databaseUrl: url,
    now,
    settings: {
      CABINET_MODE: mode,
      LOG_LEVEL: logLevel,
      PRACTICE_ZONE: 'Europe/Paris',
      FAMILY_AGES: readAges(familyAges),
      PRACTICE_HOURS: 'mon-fri 07:00-20:00',
      REVIEW_SHARE_PERCENT: sharePercent,
      ...(sidecarPort && { DAPR_HTTP_PORT: sidecarPort }),
    },
    overrides: { agesEveryMs, accessesEveryMs, forgetsEveryMs },
  });
  const sql = new pg.Pool({ connectionString: url, max: 4 });
  const deliver: PatientService['deliver'] = async ({ id = newId(), source = 'appointment', type, data }) =>
    (await service.hear('appointment', { id, type, source, data })).status;
  return withMore(service, { sql, deliver }, () => sql.end());
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
