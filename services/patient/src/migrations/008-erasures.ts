import { Migration } from '@mikro-orm/migrations';

/** What is left of a patient who is erased: that they were, and what each service did with what it had. */
export class Erasures extends Migration {
  override up(): void {
    this.addSql(`
      create table erasure (
        patient_id uuid primary key,
        -- whom they had been merged into, or themselves: all of these were erased at once
        erased_with uuid not null,
        erased_at timestamptz not null,
        -- user id
        erased_by text not null,
        -- services that were to give a receipt
        keepers jsonb not null,
        done_at timestamptz
      )`);
    this.addSql('create index erasure_by_patient on erasure (erased_with)');
    this.addSql('create index erasure_unfinished on erasure (erased_at, erased_with) where done_at is null');
    this.addSql(`
      create table erasure_receipt (
        patient_id uuid not null,
        service text not null,
        what jsonb not null,
        received_at timestamptz not null,
        primary key (patient_id, service)
      )`);
    this.addSql(`
      create table legal_hold (
        patient_id uuid primary key references patient (id),
        reason text not null,
        until timestamptz not null,
        set_at timestamptz not null,
        -- user id
        set_by text not null
      )`);
  }
}
