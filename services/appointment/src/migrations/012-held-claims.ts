import { heldClaims } from '@cabinet/postgres/idempotency';
import { Migration } from '@mikro-orm/migrations';

export class HeldClaims extends Migration {
  override up(): void {
    this.addSql(heldClaims);
  }
}
