import { randomInt } from 'node:crypto';
import pg from 'pg';
import { createDatabase } from '../../../tests/support/database.ts';
import { type ServiceUnderTest, startForTest, withMore } from '../../../tests/support/service.ts';
import { startPractitioner } from '../src/app.js';

/** The real service on a real database of its own, with what it told. */
export interface PractitionerService extends ServiceUnderTest {
  sql: pg.Pool;
}

export async function startService(): Promise<PractitionerService> {
  const databaseUrl = await createDatabase('practitioner');
  const service = await startForTest(startPractitioner, { databaseUrl });
  const sql = new pg.Pool({ connectionString: databaseUrl, max: 4 });
  return withMore(service, { sql }, () => sql.end());
}

const letters = 'abcdefghijklmnopqrstuvwxyz';
const randomName = () => Array.from({ length: 10 }, () => letters[randomInt(26)]).join('');

/** Details of somebody whom no other test has registered. */
export const buildPractitioner = (overrides: object = {}) => ({
  familyName: `Nom${randomName()}`,
  givenNames: [`Prenom${randomName()}`],
  ...overrides,
});

let lastRpps = 10_100_000_000 + randomInt(1_000_000);

/** An RPPS number that no other test has; it may lack the usual check digit. */
export function buildRpps(): string {
  lastRpps += 1;
  return String(lastRpps);
}

export const office = { name: 'Cabinet du Marché', zone: 'Europe/Paris' };
export const consultation = { name: 'Consultation', minutes: 20 };
