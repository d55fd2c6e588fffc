import { Migration } from '@mikro-orm/migrations';

/** What patients, and those who act for them, say of a visit ahead: that they come, or come late. */
export class SaidByPatients extends Migration {
  override up(): void {
    this.addSql('alter table appointment add accepted_at timestamptz, add delay jsonb');
  }
}
