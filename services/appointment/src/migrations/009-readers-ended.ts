import { Migration } from '@mikro-orm/migrations';

/**
 * Which calendars are being read, and which ended whatever read them. And how often an entry is to be written anew: a writing
 * that began before counts no more.
 */
export class ReadersEnded extends Migration {
  override up(): void {
    this.addSql(`
      alter table calendar
        add column being_read boolean not null default false,
        add column readers_ended integer not null default 0`);
    this.addSql('alter table calendar_entry add column anew integer not null default 0');
  }
}
