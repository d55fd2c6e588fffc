import { Migration } from '@mikro-orm/migrations';

/** Connections to Google that were begun and are not ended, and who tells us of changes there. Of secrets only hashes, or sealed. */
export class GoogleCalendars extends Migration {
  override up(): void {
    this.addSql(`
      create table calendar_authorization (
        state_hash text primary key,
        begun text not null,
        expires_at timestamptz not null
      )`);
    this.addSql(`
      create table calendar_channel (
        id uuid primary key,
        calendar_id uuid not null unique references calendar on delete cascade,
        token_hash text not null,
        expires_at timestamptz not null
      )`);
  }
}
