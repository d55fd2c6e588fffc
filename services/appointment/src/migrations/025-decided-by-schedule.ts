import { Migration } from '@mikro-orm/migrations';

/**
 * What was decided by a schedule that has changed meanwhile (an absence above all) is not stored, and so is decided again. Who
 * changes an agenda and who books in it take turns (advisory locks), so that the trigger, which sees what was committed until
 * now, overlooks no change; the statement that it serves could not see it.
 */
export class DecidedBySchedule extends Migration {
  override up(): void {
    this.addSql(`
      alter table appointment add schedule_version integer;

      create function require_current_schedule() returns trigger language plpgsql as $$
      begin
        if not exists (
          select from schedule s where s.practitioner_id = new.practitioner_id and s.version > new.schedule_version
        ) then return new; end if;
        if tg_op = 'INSERT' then return null; end if;
        raise exclusion_violation using message = 'The schedule has changed since this was decided';
      end $$;
      create trigger require_current_schedule before insert on appointment for each row
        when (new.schedule_version is not null) execute function require_current_schedule();
      create trigger require_current_schedule_of_move before update on appointment for each row
        when (new.schedule_version is not null and new."start" <> old."start") execute function require_current_schedule();
    `);
  }
}
