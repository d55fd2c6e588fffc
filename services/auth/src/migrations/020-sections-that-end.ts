import { Migration } from '@mikro-orm/migrations';

/** In which sections somebody acts no longer from a time on, as the patient service last told it. */
export class SectionsThatEnd extends Migration {
  override up(): void {
    this.addSql(`alter table acting_for add column ends jsonb not null default '[]'`);
  }
}
