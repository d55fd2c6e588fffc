import { Migration } from '@mikro-orm/migrations';

/**
 * Whoever stores something of a patient has asked who that is before, and may be overtaken by a merge or an erasure: what is
 * stored then is of the one they turned out to be, and of one who was erased nothing is. Both take turns (advisory locks), so
 * that the trigger, which sees what was committed until now, overlooks nobody; the statement that it serves could not see it.
 */
export class FollowGonePatients extends Migration {
  override up(): void {
    this.addSql(`
      create function follow_gone_patient() returns trigger language plpgsql as $$
      declare
        leads_to uuid;
      begin
        for hops in 1..10 loop
          select merged_into into leads_to from patient_gone where patient_id = new.patient_id;
          if not found then return new; end if;
          if leads_to is null then return null; end if;
          new.patient_id := leads_to;
        end loop;
        raise exception 'The patients merged around % point in a circle', new.patient_id;
      end $$;
      create trigger follow_gone_patient before insert on appointment for each row execute function follow_gone_patient();
      create trigger follow_gone_patient before insert on waiting for each row execute function follow_gone_patient();
    `);
  }
}
