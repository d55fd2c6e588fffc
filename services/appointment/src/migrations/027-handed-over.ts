import { Migration } from '@mikro-orm/migrations';

/** An appointment that somebody else takes over, at the same time perhaps, is decided by their schedule and stands in their calendars. */
export class HandedOver extends Migration {
  override up(): void {
    this.addSql(`
      drop trigger require_current_schedule_of_move on appointment;
      create trigger require_current_schedule_of_move before update on appointment for each row
        when (new.schedule_version is not null
          and (new.practitioner_id, new."start") is distinct from (old.practitioner_id, old."start"))
        execute function require_current_schedule()`);
    this.addSql(`
      create or replace function note_calendar_entries() returns trigger language plpgsql as $$
      begin
        update calendar_entry set wanted_version = new.version, tries = 0, next_try_at = '-infinity'
          where appointment_id = new.id and wanted_version <> new.version;
        if (new.status in ('booked', 'arrived', 'fulfilled') or (new.status = 'pending' and new.held_until is null))
          and (new.status, new.held_until, new."start", new.practitioner_id)
            is distinct from (old.status, old.held_until, old."start", old.practitioner_id) then
          insert into calendar_entry (calendar_id, appointment_id, wanted_version)
            select id, new.id, new.version from calendar where practitioner_id = new.practitioner_id and writes
            on conflict do nothing;
        end if;
        return null;
      end $$`);
  }
}
