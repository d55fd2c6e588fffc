import { Migration } from '@mikro-orm/migrations';

/**
 * A change that leaves when and whether an appointment takes place as it is, is written only where the appointment stands
 * already: else all that a patient ever had would come into each calendar that was connected since, when they are merged or
 * erased.
 */
export class ChangesInCalendars extends Migration {
  override up(): void {
    this.addSql(`
      create or replace function note_calendar_entries() returns trigger language plpgsql as $$
      begin
        update calendar_entry set wanted_version = new.version, tries = 0, next_try_at = '-infinity'
          where appointment_id = new.id and wanted_version <> new.version;
        if (new.status in ('booked', 'arrived', 'fulfilled') or (new.status = 'pending' and new.held_until is null))
          and (new.status, new.held_until, new."start") is distinct from (old.status, old.held_until, old."start") then
          insert into calendar_entry (calendar_id, appointment_id, wanted_version)
            select id, new.id, new.version from calendar where practitioner_id = new.practitioner_id and writes
            on conflict do nothing;
        end if;
        return null;
      end $$`);
  }
}
