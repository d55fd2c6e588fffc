import { Migration } from '@mikro-orm/migrations';

/**
 * Every occurrence of a series is an appointment like any other, and knows the time at which the series has it: one that
 * starts at another time was moved alone. The series keeps what was asked for.
 */
export class Series extends Migration {
  override up(): void {
    this.addSql(`
      create table series (
        id uuid primary key,
        rule text not null,
        starts_at text not null,
        zone text not null,
        except_dates date[] not null,
        created_at timestamptz not null,
        created_by text not null
      )`);
    this.addSql(`
      alter table appointment
        add series_id uuid references series,
        add occurrence timestamptz,
        add constraint appointment_occurrence_of_series check ((series_id is null) = (occurrence is null))`);
    this.addSql(`
      create index appointment_by_series on appointment (series_id, occurrence) where series_id is not null`);
  }
}
