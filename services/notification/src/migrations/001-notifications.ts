import { auditTable, auditTableInParts } from '@cabinet/postgres/audit-tables';
import { firstHearingTable } from '@cabinet/postgres/first-hearings';
import { goneTable } from '@cabinet/postgres/gone-patients';
import { heldClaims, storedEffects } from '@cabinet/postgres/idempotency';
import { serviceTables } from '@cabinet/postgres/tables';
import { waitingEventIndexes, waitingEventTables } from '@cabinet/postgres/waiting-events';
import { Migration } from '@mikro-orm/migrations';

/** Once released it stays as it is, and what changes later is a migration of its own. */
export class Notifications extends Migration {
  override up(): void {
    this.addSql(`
      create table decision (
        id uuid primary key,
        version integer not null,
        occasion text not null,
        occasion_id uuid not null,
        occasion_version integer not null,
        recipient_id uuid not null,
        kind text not null,
        step text not null,
        channel text not null,
        nth integer not null,
        patient_id uuid,
        audience text not null,
        appointment_id uuid,
        starts_at timestamptz,
        kept_from_guardians boolean not null,
        due_at timestamptz not null,
        expires_at timestamptz not null,
        next_at timestamptz not null,
        decided_at timestamptz not null,
        state text not null,
        reason text,
        hold text,
        failure_class text,
        failure_text text,
        attempts integer not null default 0,
        -- What is said together: the reminders of one day about one patient to one recipient by one channel.
        together text,
        lease uuid,
        leased_until timestamptz,
        is_begun boolean not null default false,
        provider text,
        provider_id text,
        parts integer,
        cost integer,
        covers jsonb,
        may_have_left_twice boolean not null default false,
        sent_at timestamptz,
        template text,
        template_version text,
        language text,
        -- What was put into the text, for 30 days; then only that it was this.
        text_values jsonb,
        text_hash text,
        asked_by text,
        resend_of uuid,
        -- A message of which there is one is never sent twice.
        constraint decision_once unique (occasion_id, occasion_version, recipient_id, kind, step, channel, nth)
      )`);
    this.addSql(`create index decision_due on decision (next_at, id) where state = 'planned'`);
    this.addSql(`create index decision_held on decision (hold) where state = 'held'`);
    this.addSql(`create index decision_expiring on decision (expires_at) where state = 'planned'`);
    this.addSql(
      `create index decision_together on decision (together) where state = 'planned' and together is not null`,
    );
    this.addSql('create index decision_of_patient on decision (patient_id, due_at desc, id desc)');
    this.addSql('create index decision_of_day on decision (due_at desc, id desc)');
    this.addSql('create index decision_sent_to on decision (recipient_id, sent_at) where sent_at is not null');
    this.addSql('create index decision_sent on decision (sent_at, channel) where sent_at is not null');
    this.addSql(`create index decision_by_provider on decision (provider, provider_id) where provider_id is not null`);
    this.addSql('create index decision_with_text on decision (sent_at) where text_values is not null');
    // What providers said of messages, also before their own answer was there.
    this.addSql(`
      create table receipt (
        provider text not null,
        provider_id text not null,
        state text not null,
        failure_class text,
        failure_text text,
        at timestamptz not null,
        primary key (provider, provider_id)
      )`);
    this.addSql('create index receipt_by_id on receipt (provider_id)');
    this.addSql(`
      create table visit (
        appointment_id uuid primary key,
        version integer not null,
        -- The version that last changed when, or whether, it takes place; and when that was heard of.
        since_version integer not null,
        since timestamptz not null,
        patient_id uuid not null,
        appointment_type_id uuid not null,
        status text not null,
        starts_at timestamptz not null,
        first_starts_at timestamptz not null,
        kept_from_guardians boolean not null,
        -- By which policy its reminders stand.
        planned_by integer not null
      )`);
    this.addSql('create index visit_of_patient on visit (patient_id, starts_at)');
    this.addSql(`create index visit_to_plan on visit (planned_by, starts_at) where status = 'booked'`);
    this.addSql(`
      create table acting (
        related_person_id uuid primary key,
        version integer not null,
        patient_id uuid not null,
        related_patient_id uuid not null,
        relationship text not null,
        sections jsonb not null,
        until timestamptz,
        -- Sections that end before the rest.
        ends jsonb not null,
        has_ended boolean not null
      )`);
    this.addSql('create index acting_for_patient on acting (patient_id)');
    this.addSql('create index acting_patient on acting (related_patient_id)');
    this.addSql(`
      create table policy (
        version integer primary key,
        policy jsonb not null,
        set_by text not null,
        set_at timestamptz not null
      )`);
    this.addSql(`
      create table template (
        name text not null,
        language text not null,
        nth integer not null,
        subject text not null,
        body text not null,
        short text not null,
        set_by text not null,
        set_at timestamptz not null,
        primary key (name, language, nth)
      )`);
    this.addSql(`
      create table preference (
        patient_id uuid primary key,
        version integer not null,
        language text,
        unwanted jsonb not null,
        set_by text not null,
        set_at timestamptz not null
      )`);
    this.addSql(`
      create table nightly_sum (
        day date primary key,
        expected integer not null,
        sent integer not null,
        suppressed integer not null,
        failed integer not null,
        held integer not null,
        unaccounted integer not null,
        missing integer not null,
        summed_at timestamptz not null
      )`);
    this.addSql(serviceTables);
    this.addSql(heldClaims);
    this.addSql(storedEffects);
    this.addSql(waitingEventTables);
    this.addSql(waitingEventIndexes);
    this.addSql(auditTable);
    this.addSql(auditTableInParts);
    this.addSql(goneTable);
    this.addSql(firstHearingTable);
  }
}
