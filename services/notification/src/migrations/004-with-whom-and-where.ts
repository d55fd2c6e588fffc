import { Migration } from '@mikro-orm/migrations';

/**
 * With whom and where visits take place, so that who is handed over is told; of what was known before nobody knows it. What is held
 * ends with its use, and what was put into texts that never left is forgotten.
 */
export class WithWhomAndWhere extends Migration {
  override up(): void {
    this.addSql(`alter table visit add column practitioner_id uuid, add column place_id uuid,
      add column first_practitioner_id uuid, add column first_place_id uuid`);
    this.addSql('alter table decision add column practitioner_id uuid, add column place_id uuid');
    // What nobody has set up is looked for again and again.
    this.addSql('drop index decision_held');
    this.addSql(`create index decision_held on decision (hold, channel, decided_at) where state = 'held'`);
    this.addSql('drop index decision_expiring');
    this.addSql(`create index decision_expiring on decision (expires_at) where state in ('planned', 'held')`);
    this.addSql(
      'update decision set text_values = null, text_hash = null where sent_at is null and text_values is not null',
    );
  }
}
