import { Migration } from '@mikro-orm/migrations';

/** Marks of patients, how far the audit trails of services were looked at, and what was found in them. */
export class UnusualAccesses extends Migration {
  override up(): void {
    this.addSql(`
      create table security_label (
        patient_id uuid not null references patient (id),
        code text not null,
        set_at timestamptz not null,
        -- user id
        set_by text not null,
        primary key (patient_id, code)
      )`);
    this.addSql(`
      create table access_watch (
        service text primary key,
        -- the last place of its trail that was looked at
        until bigint not null,
        heard_at timestamptz not null
      )`);
    this.addSql(`
      -- whom somebody saw of late
      create table patient_seen (
        actor text not null,
        at timestamptz not null,
        patient_id uuid not null,
        primary key (actor, at, patient_id)
      )`);
    this.addSql(`
      create table patients_in_hour (
        actor text not null,
        hour timestamptz not null,
        patients integer not null,
        primary key (actor, hour)
      )`);
    this.addSql(`
      create table unusual_access (
        id uuid primary key,
        -- user id
        actor text not null,
        practitioner_id uuid,
        own_patient_id uuid,
        patient_id uuid,
        day date not null,
        reasons jsonb not null,
        is_sampled boolean not null,
        patients integer,
        usual integer,
        lines jsonb not null,
        first_at timestamptz not null,
        last_at timestamptz not null,
        due_at timestamptz not null,
        verdict jsonb
      )`);
    this.addSql('create index unusual_access_due on unusual_access (due_at, id) where is_sampled and verdict is null');
    this.addSql('create index unusual_access_actor on unusual_access (actor, day)');
    this.addSql('create index unusual_access_patient on unusual_access (patient_id)');
  }
}
