import { Migration } from '@mikro-orm/migrations';

/**
 * That a patient has died may be heard while somebody, who asked before, is storing something of them: that is not stored. A
 * death that was recorded by mistake is forgotten when it is corrected.
 */
export class PatientsDeceased extends Migration {
  override up(): void {
    this.addSql(`
      create table patient_deceased (patient_id uuid primary key);

      create or replace function follow_gone_patient() returns trigger language plpgsql as $$
      declare
        leads_to uuid;
      begin
        for hops in 1..10 loop
          select merged_into into leads_to from patient_gone where patient_id = new.patient_id;
          if not found then
            if exists (select from patient_deceased d where d.patient_id = new.patient_id) then return null; end if;
            return new;
          end if;
          if leads_to is null then return null; end if;
          new.patient_id := leads_to;
        end loop;
        raise exception 'The patients merged around % point in a circle', new.patient_id;
      end $$;
    `);
  }
}
