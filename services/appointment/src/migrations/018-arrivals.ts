import { Migration } from '@mikro-orm/migrations';

/** What a practitioner booked alone may rest on that a secretary saw the patient come. */
export class Arrivals extends Migration {
  override up(): void {
    this.addSql(`
      alter table appointment
        drop constraint appointment_booked_as_check,
        add constraint appointment_booked_as_check
          check (booked_as in ('patient', 'secretary', 'practitioner', 'import', 'arrival'))`);
  }
}
