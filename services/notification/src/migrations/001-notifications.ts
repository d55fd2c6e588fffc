import { auditTable, auditTableInParts } from '@cabinet/postgres/audit-tables';
import { goneTable } from '@cabinet/postgres/gone-patients';
import { heldClaims, storedEffects } from '@cabinet/postgres/idempotency';
import { serviceTables } from '@cabinet/postgres/tables';
import { waitingEventIndexes, waitingEventTables } from '@cabinet/postgres/waiting-events';
import { Migration } from '@mikro-orm/migrations';

/** Once released it stays as it is, and what changes later is a migration of its own. */
export class Notifications extends Migration {
  override up(): void {
    this.addSql(`
      create table "notification" (
        id uuid primary key,
        version integer not null,
        patient_id uuid not null,
        text text not null,
        created_at timestamptz not null,
        updated_at timestamptz not null
      )`);
    this.addSql('create index notification_of_patient on "notification" (patient_id, id)');
    this.addSql(serviceTables);
    this.addSql(heldClaims);
    this.addSql(storedEffects);
    this.addSql(waitingEventTables);
    this.addSql(waitingEventIndexes);
    this.addSql(auditTable);
    this.addSql(auditTableInParts);
    this.addSql(goneTable);
  }
}
