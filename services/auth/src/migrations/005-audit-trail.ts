import { auditTable } from '@cabinet/postgres/audit-tables';
import { Migration } from '@mikro-orm/migrations';

export class AuditTrail extends Migration {
  override up(): void {
    this.addSql(auditTable);
  }
}
