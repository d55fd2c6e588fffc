import pg from 'pg';
import { createDatabase } from '../../../tests/support/database.ts';
import { type ServiceUnderTest, startForTest, withMore } from '../../../tests/support/service.ts';
import { startNotification } from '../src/app.js';

/** The real service on a real database of its own, with what it told. */
export interface NotificationService extends ServiceUnderTest {
  /** Texts that are stored for a patient. */
  textsOf(patientId: string): Promise<string[]>;
  /** What the audit trail has of a patient. */
  actionsOn(patientId: string): Promise<string[]>;
}

export async function startService(): Promise<NotificationService> {
  const databaseUrl = await createDatabase('notification');
  const service = await startForTest(startNotification, { databaseUrl });
  const sql = new pg.Pool({ connectionString: databaseUrl, max: 2 });
  const more = {
    async textsOf(patientId: string) {
      const { rows } = await sql.query('select text from "notification" where patient_id = $1 order by id', [
        patientId,
      ]);
      return rows.map(({ text }) => text);
    },
    async actionsOn(patientId: string) {
      const { rows } = await sql.query(
        'select action, outcome from audit_event where subjects @> array[$1] order by sequence',
        [patientId],
      );
      return rows.map(({ action, outcome }) => `${action} ${outcome}`);
    },
  };
  return withMore(service, more, () => sql.end());
}
