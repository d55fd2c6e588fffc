import { Migration } from '@mikro-orm/migrations';

/** Which visits a nightly comparison found before they were told of: their news are still to come. */
export class VisitsFound extends Migration {
  override up(): void {
    this.addSql('alter table visit add column is_found boolean not null default false');
  }
}
