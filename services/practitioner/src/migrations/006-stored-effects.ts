import { storedEffects } from '@cabinet/postgres/idempotency';
import { Migration } from '@mikro-orm/migrations';

export class StoredEffects extends Migration {
  override up(): void {
    this.addSql(storedEffects);
  }
}
