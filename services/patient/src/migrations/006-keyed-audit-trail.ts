import { auditTableInParts } from '@cabinet/postgres/audit-tables';
import { Migration } from '@mikro-orm/migrations';

export class KeyedAuditTrail extends Migration {
  override up(): void {
    this.addSql(auditTableInParts);
  }
}
