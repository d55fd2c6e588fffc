import { auditTable } from '@cabinet/postgres/audit-tables';
import { serviceTables } from '@cabinet/postgres/tables';
import { Migration } from '@mikro-orm/migrations';

/**
 * The two EXCLUDE constraints are what makes a double booking impossible: whatever the code above them does, two
 * appointments that occupy time can not overlap for one practitioner, nor for one patient.
 */
export class Appointments extends Migration {
  override up(): void {
    this.addSql('create extension if not exists btree_gist');
    this.addSql(`
      create table appointment (
        id uuid primary key,
        version integer not null default 1,
        status text not null check (status in
          ('proposed', 'pending', 'booked', 'arrived', 'fulfilled', 'cancelled', 'noshow', 'waitlist')),
        patient_id uuid not null,
        practitioner_id uuid not null,
        appointment_type_id uuid not null,
        place_id uuid not null,
        zone text not null,
        "start" timestamptz not null,
        "end" timestamptz not null,
        reason text,
        cancellation jsonb,
        created_at timestamptz not null,
        created_by text not null,
        during tstzrange not null generated always as (tstzrange("start", "end", '[)')) stored,
        constraint appointment_ends_after_start check ("end" > "start"),
        constraint appointment_practitioner_free exclude using gist (practitioner_id with =, during with &&)
          where (status in ('pending', 'booked', 'arrived', 'fulfilled')),
        constraint appointment_patient_free exclude using gist (patient_id with =, during with &&)
          where (status in ('pending', 'booked', 'arrived', 'fulfilled'))
      )`);
    this.addSql('create index appointment_by_practitioner on appointment (practitioner_id, "start", id)');
    this.addSql('create index appointment_by_patient on appointment (patient_id, "start", id)');
    this.addSql('create index appointment_by_start on appointment ("start", id)');
    this.addSql(`
      create table schedule (
        practitioner_id uuid primary key,
        version integer not null,
        hours jsonb not null
      )`);
    this.addSql(serviceTables);
    this.addSql(auditTable);
  }
}
