import { Migration } from '@mikro-orm/migrations';

/** A hold is a pending appointment with an end; what staff forced over other appointments keeps who, why and over what. */
export class Holds extends Migration {
  override up(): void {
    this.addSql(`
      alter table appointment
        add held_until timestamptz,
        add overbooking jsonb`);
    this.addSql(`
      create index appointment_held on appointment (held_until) where status = 'pending' and held_until is not null`);
  }
}
