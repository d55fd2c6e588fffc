import { Migration } from '@mikro-orm/migrations';

/**
 * Whose agenda has changed, and between which times, for those who look at it: noted with each change, whatever code makes it,
 * and forgotten within the hour. It names no patient and no appointment.
 */
export class AgendaChanges extends Migration {
  override up(): void {
    this.addSql(`
      create table agenda_change (
        position bigint primary key generated always as identity,
        at timestamptz not null default clock_timestamp(),
        practitioner_id uuid not null,
        "from" timestamptz,
        until timestamptz
      )`);
    this.addSql('create index agenda_change_by_time on agenda_change (at)');
    this.addSql(`
      create function note_agenda_changes() returns trigger language plpgsql as $$
      begin
        insert into agenda_change (practitioner_id, "from", until)
          select practitioner_id, min("start"), max("end") from touched group by practitioner_id;
        return null;
      end $$`);
    // Also where it was before: both may lie in the agendas of two.
    this.addSql(`
      create function note_agenda_moves() returns trigger language plpgsql as $$
      begin
        insert into agenda_change (practitioner_id, "from", until)
          select practitioner_id, min("start"), max("end") from was_there group by practitioner_id
          union
          select practitioner_id, min("start"), max("end") from now_there group by practitioner_id;
        return null;
      end $$`);
    this.addSql(`
      create trigger note_agenda_changes after insert on appointment
        referencing new table as touched for each statement execute function note_agenda_changes()`);
    this.addSql(`
      create trigger note_agenda_removals after delete on appointment
        referencing old table as touched for each statement execute function note_agenda_changes()`);
    this.addSql(`
      create trigger note_agenda_moves after update on appointment
        referencing old table as was_there new table as now_there
        for each statement execute function note_agenda_moves()`);
    this.addSql(`
      create function note_new_hours() returns trigger language plpgsql as $$
      begin
        insert into agenda_change (practitioner_id) values (new.practitioner_id);
        return null;
      end $$`);
    this.addSql(`
      create trigger note_new_hours after insert or update on schedule
        for each row execute function note_new_hours()`);
  }
}
