import { Migration } from '@mikro-orm/migrations';

/** Who may act for whom, as the patient service last told it. */
export class ActingFor extends Migration {
  override up(): void {
    this.addSql(`
create table acting_for (
  related_person_id uuid primary key,
  version integer not null,
  patient_id uuid not null,
  related_patient_id uuid not null,
  relationship text not null check (relationship in ('guardian', 'carer')),
  sections text[] not null,
  until timestamptz,
  -- kept, so that what comes late of before does not bring it back
  ended boolean not null
)`);
    this.addSql('create index acting_for_by_related on acting_for (related_patient_id) where not ended');
    this.addSql('create index acting_for_by_patient on acting_for (patient_id)');
  }
}
