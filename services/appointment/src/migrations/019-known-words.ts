import { Migration } from '@mikro-orm/migrations';

/**
 * Nothing is left unsaid of whose word an appointment rests on. What is from before it was kept says so; what has said nothing since
 * then came of the waiting list, and of the practitioner's word alone: others who accept an offer have always been noted.
 */
export class KnownWords extends Migration {
  override up(): void {
    this.addSql(`
      alter table appointment
        drop constraint appointment_booked_as_check,
        add constraint appointment_booked_as_check
          check (booked_as in ('patient', 'secretary', 'practitioner', 'import', 'arrival', 'unknown'))`);
    this.addSql(`
      update appointment set booked_as = case
        when created_at < (select min(executed_at) from mikro_orm_migrations where name = '011-corrections') then 'unknown'
        else 'practitioner' end
      where booked_as is null`);
  }
}
