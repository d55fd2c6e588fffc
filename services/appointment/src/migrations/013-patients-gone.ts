import { goneTable } from '@cabinet/postgres/gone-patients';
import { Migration } from '@mikro-orm/migrations';

/** An old id of a patient leads on to the one they turned out to be. */
export class PatientsGone extends Migration {
  override up(): void {
    this.addSql(goneTable);
  }
}
