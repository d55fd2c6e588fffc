import { Migration } from '@mikro-orm/migrations';

/** Who acts for whom, and what was told of those who reach an age. */
export class RelatedPersons extends Migration {
  override up(): void {
    this.addSql(`
      create table related_person (
        id uuid primary key,
        version integer not null,
        patient_id uuid not null references patient (id),
        related_patient_id uuid not null references patient (id),
        relationship text not null check (relationship in ('guardian', 'carer')),
        sections text[] not null,
        proof_document text,
        proof_seen_by text,
        proof_seen_at timestamptz,
        given_by text not null check (given_by in ('patient', 'practice')),
        from_at timestamptz not null,
        until_at timestamptz,
        ended_at timestamptz,
        constraint related_person_is_another check (patient_id <> related_patient_id),
        constraint guardian_has_proof check (relationship <> 'guardian' or (proof_document is not null and until_at is not null))
      )`);
    this.addSql('create index related_person_by_patient on related_person (patient_id)');
    this.addSql('create index related_person_by_related on related_person (related_patient_id)');
    // The day until which it was looked who reaches an age; one row.
    this.addSql('create table age_watch (id integer primary key check (id = 1), since date not null)');
    this.addSql(`
      create table age_told (
        patient_id uuid not null,
        age integer not null,
        day date not null,
        kind text not null,
        primary key (patient_id, age, day, kind)
      )`);
  }
}
