import { Migration } from '@mikro-orm/migrations';

/** Which engine rings, and how often the stream was told the rules. */
export class TheStream extends Migration {
  override up(): void {
    this.addSql(`
      alter table watch_settings
        add column engine text not null default 'service' check (engine in ('service', 'stream')),
        add column rules_told bigint not null default 0,
        add column rules_told_at timestamptz`);
  }
}
