import { Migration } from '@mikro-orm/migrations';

/**
 * What was recorded by mistake and taken back stays with the appointment; and on whose word an appointment rests, which
 * of those from before nobody knows.
 */
export class Corrections extends Migration {
  override up(): void {
    this.addSql(`
      alter table appointment
        add corrections jsonb,
        add booked_as text check (booked_as in ('patient', 'secretary', 'practitioner', 'import'))`);
  }
}
