import { Migration } from '@mikro-orm/migrations';

/** The address of each practitioner's private feed, as the hash of what opens it. */
export class PrivateFeeds extends Migration {
  override up(): void {
    this.addSql(`
      create table private_feed (
        practitioner_id uuid primary key,
        token_hash text not null unique,
        created_by text not null,
        created_at timestamptz not null
      )`);
  }
}
