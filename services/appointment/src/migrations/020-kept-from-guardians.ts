import { Migration } from '@mikro-orm/migrations';

/**
 * What a minor keeps from their guardians; and those who act for a patient give their word to an appointment. Answers that are
 * kept for repeats go when what they show becomes a secret, whatever code makes it one: a guardian may have had them.
 */
export class KeptFromGuardians extends Migration {
  override up(): void {
    this.addSql(`
      alter table appointment
        add kept_from_guardians boolean not null default false,
        drop constraint appointment_booked_as_check,
        add constraint appointment_booked_as_check check (booked_as in
          ('patient', 'guardian', 'carer', 'secretary', 'practitioner', 'import', 'arrival', 'unknown'))`);
    this.addSql('alter table waiting add kept_from_guardians boolean not null default false');
    this.addSql(`
      create function forget_answers_that_show() returns trigger language plpgsql as $$
      begin
        delete from idempotency_key
          where subjects @> to_jsonb(new.patient_id::text) and position(new.id::text in answer ->> 'body') > 0;
        return null;
      end $$`);
    for (const table of ['appointment', 'waiting']) {
      this.addSql(`
        create trigger forget_answers_that_show after update of kept_from_guardians on ${table} for each row
          when (new.kept_from_guardians and not old.kept_from_guardians) execute function forget_answers_that_show()`);
    }
  }
}
