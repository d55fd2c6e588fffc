import { auditTable } from '@cabinet/postgres/audit-tables';
import { serviceTables } from '@cabinet/postgres/tables';
import { Migration } from '@mikro-orm/migrations';

/**
 * `search_text` has the folded words of all names, each after a space, so that `like '% mar%'` finds the beginnings of
 * words by the trigram index. `visit` has what appointments told; it refers to no patient, since an appointment may be
 * heard of before its patient, and a patient be merged at any time.
 */
export class Patients extends Migration {
  override up(): void {
    this.addSql('create extension if not exists pg_trgm');
    this.addSql(`
      create table patient (
        id uuid primary key,
        version integer not null,
        active boolean not null,
        inactive_reason text,
        merged_into uuid references patient (id),
        erased_at timestamptz,
        family_name text not null,
        given_names jsonb not null,
        birth_name text,
        birth_date date,
        gender text not null check (gender in ('male', 'female', 'other', 'unknown')),
        telecom jsonb not null,
        address jsonb,
        contacts jsonb not null,
        search_text text not null,
        sort_name text collate "C" not null,
        created_at timestamptz not null,
        updated_at timestamptz not null,
        constraint patient_has_birth_date check (birth_date is not null or erased_at is not null),
        constraint patient_pointer_is_inactive check (not (active and (merged_into is not null or erased_at is not null)))
      )`);
    this.addSql(
      'create index patient_by_name on patient (sort_name, id) where merged_into is null and erased_at is null',
    );
    this.addSql('create index patient_by_words on patient using gin (search_text gin_trgm_ops)');
    this.addSql('create index patient_by_birth_date on patient (birth_date)');
    this.addSql('create index patient_by_survivor on patient (merged_into) where merged_into is not null');
    this.addSql(`
      create table patient_identifier (
        system text not null,
        value text not null,
        patient_id uuid not null references patient (id),
        position integer not null,
        primary key (system, value)
      )`);
    this.addSql('create index patient_identifier_by_patient on patient_identifier (patient_id)');
    this.addSql('create index patient_identifier_by_value on patient_identifier (value)');
    this.addSql(`
      create table visit (
        appointment_id uuid primary key,
        version integer not null,
        patient_id uuid not null,
        status text not null,
        "start" timestamptz not null
      )`);
    this.addSql('create index visit_by_patient on visit (patient_id, "start")');
    this.addSql(serviceTables);
    this.addSql(auditTable);
  }
}
