import { Migration } from '@mikro-orm/migrations';

/**
 * Calendars that others keep: how to get in (sealed), what they have taken, and which of our appointments are written there.
 * The trigger notes, in the transaction that changes an appointment, that each of these is to be written again: whatever
 * code changes it, and whatever becomes of the process.
 */
export class Calendars extends Migration {
  override up(): void {
    this.addSql(`
      create table calendar (
        id uuid primary key,
        version integer not null,
        practitioner_id uuid not null,
        kind text not null check (kind in ('ics', 'caldav', 'google')),
        name text not null,
        zone text not null,
        policy text not null check (policy in ('hide', 'warn', 'tentative')),
        writes boolean not null,
        shows_patients boolean not null,
        host text not null,
        access text not null,
        bookmark jsonb,
        synced_at timestamptz,
        known_until timestamptz,
        failure text,
        failing_since timestamptz,
        failures integer not null default 0,
        next_sync_at timestamptz not null,
        claim uuid,
        claimed_until timestamptz,
        created_at timestamptz not null,
        created_by text not null
      )`);
    this.addSql('create index calendar_by_practitioner on calendar (practitioner_id)');
    this.addSql('create index calendar_due on calendar (next_sync_at)');
    this.addSql(`
      create table calendar_resource (
        calendar_id uuid not null references calendar on delete cascade,
        resource text not null,
        etag text,
        problems jsonb not null default '[]',
        primary key (calendar_id, resource)
      )`);
    this.addSql(`
      create table calendar_busy (
        calendar_id uuid not null,
        resource text not null,
        during tstzrange not null check (not isempty(during)),
        foreign key (calendar_id, resource) references calendar_resource on delete cascade
      )`);
    this.addSql('create index calendar_busy_during on calendar_busy using gist (calendar_id, during)');
    this.addSql('create index calendar_busy_by_resource on calendar_busy (calendar_id, resource)');
    this.addSql(`
      create table calendar_entry (
        calendar_id uuid not null references calendar on delete cascade,
        appointment_id uuid not null references appointment,
        wanted_version integer not null,
        written_version integer,
        etag text,
        tries integer not null default 0,
        failure text,
        next_try_at timestamptz not null default '-infinity',
        claim uuid,
        claimed_until timestamptz,
        primary key (calendar_id, appointment_id)
      )`);
    this.addSql('create index calendar_entry_by_appointment on calendar_entry (appointment_id)');
    this.addSql(`
      create index calendar_entry_due on calendar_entry (next_try_at)
        where written_version is distinct from wanted_version`);
    this.addSql(`
      create function note_calendar_entries() returns trigger language plpgsql as $$
      begin
        update calendar_entry set wanted_version = new.version, tries = 0, next_try_at = '-infinity'
          where appointment_id = new.id and wanted_version <> new.version;
        if new.status in ('booked', 'arrived', 'fulfilled') or (new.status = 'pending' and new.held_until is null) then
          insert into calendar_entry (calendar_id, appointment_id, wanted_version)
            select id, new.id, new.version from calendar where practitioner_id = new.practitioner_id and writes
            on conflict do nothing;
        end if;
        return null;
      end $$`);
    this.addSql(`
      create trigger appointment_is_written after insert or update on appointment
        for each row execute function note_calendar_entries()`);
    this.addSql('alter table appointment add calendar_check jsonb');
    this.addSql(`
      create index appointment_awaiting_calendars on appointment (practitioner_id) where calendar_check is not null`);
  }
}
