import { auditTable, auditTableInParts } from '@cabinet/postgres/audit-tables';
import { goneTable } from '@cabinet/postgres/gone-patients';
import { heldClaims, storedEffects } from '@cabinet/postgres/idempotency';
import { serviceTables } from '@cabinet/postgres/tables';
import { waitingEventIndexes, waitingEventTables } from '@cabinet/postgres/waiting-events';
import { Migration } from '@mikro-orm/migrations';

/**
 * Rules in versions, what the engine knows of each patient under each, and the alerts that came of it. What has to happen later
 * stands in `alert_step` and in `engine_state.tick_at`, so that nothing of it is in anybody's memory.
 */
export class Alerts extends Migration {
  override up(): void {
    this.addSql(`
      create table watch_settings (
        only_row boolean primary key default true check (only_row),
        version integer not null default 1,
        is_on boolean not null default false,
        -- Once it was on, gaps go on being watched.
        first_on_at timestamptz,
        zone text not null default 'Europe/Paris',
        alerts_a_day double precision not null default 2,
        blind_after_minutes integer not null default 15,
        changed_at timestamptz,
        changed_by text
      )`);
    this.addSql('insert into watch_settings default values');
    this.addSql(`
      create table alert_rule (
        id uuid primary key,
        version integer not null,
        patient_id uuid,
        replaces uuid references alert_rule,
        status text not null check (status in ('draft', 'enabled', 'disabled')),
        enabled_version integer,
        created_at timestamptz not null,
        check ((status = 'enabled') <= (enabled_version is not null))
      )`);
    this.addSql('create index alert_rule_of_patient on alert_rule (patient_id)');
    this.addSql(`
      create table alert_rule_version (
        rule_id uuid not null references alert_rule on delete cascade,
        version integer not null,
        document jsonb not null,
        author text not null,
        at timestamptz not null,
        primary key (rule_id, version)
      )`);
    this.addSql(`
      create table alert_rule_enabling (
        rule_id uuid not null references alert_rule on delete cascade,
        version integer not null,
        at timestamptz not null,
        by text not null,
        -- The back-test that kept the budget, or who wanted it all the same, and why.
        basis jsonb not null
      )`);
    this.addSql(`
      create table back_test (
        id uuid primary key,
        rule_id uuid not null references alert_rule on delete cascade,
        rule_version integer not null,
        ran_at timestamptz not null,
        ran_by text not null,
        result jsonb not null
      )`);
    this.addSql('create index back_test_of_rule on back_test (rule_id, rule_version, ran_at)');
    this.addSql(`
      create table heard_patient (
        patient_id uuid primary key,
        first_at timestamptz not null,
        last_at timestamptz not null
      )`);
    this.addSql(`
      create table engine_state (
        patient_id uuid not null,
        rule_id uuid not null references alert_rule on delete cascade,
        rule_version integer not null,
        state jsonb not null,
        tick_at timestamptz,
        primary key (patient_id, rule_id)
      )`);
    this.addSql('create index engine_state_due on engine_state (tick_at) where tick_at is not null');
    this.addSql(`
      create table gap_timing (
        position bigint generated always as identity primary key,
        rule_id uuid not null references alert_rule on delete cascade,
        patient_id uuid not null,
        minutes integer not null,
        reason text not null,
        author text not null,
        at timestamptz not null
      )`);
    this.addSql('create index gap_timing_of on gap_timing (patient_id, rule_id, position)');
    this.addSql(`
      create table alert (
        id uuid primary key,
        key text not null unique,
        version integer not null default 1,
        patient_id uuid not null,
        rule_id uuid not null references alert_rule,
        rule_version integer not null,
        priority smallint not null,
        started_at timestamptz not null,
        since timestamptz not null,
        raised_at timestamptz not null,
        count integer not null,
        worst double precision not null,
        because jsonb not null,
        missing jsonb not null,
        is_late boolean not null default false,
        cleared_at timestamptz,
        retracted_at timestamptz,
        acknowledged_at timestamptz,
        acknowledged_by text,
        owner uuid,
        watchers uuid[] not null,
        group_id uuid not null,
        inhibited_by uuid,
        snoozed_until timestamptz,
        generation integer not null default 1,
        -- What is cleared and most urgent stays until somebody has seen it.
        is_active boolean generated always as (
          not is_late and retracted_at is null
            and (cleared_at is null or (priority = 2 and acknowledged_at is null))) stored
      )`);
    this.addSql('create index alert_active on alert (priority desc, started_at desc, id) where is_active');
    this.addSql('create index alert_in_order on alert (priority desc, started_at desc, id)');
    this.addSql('create index alert_of_patient on alert (patient_id, started_at)');
    this.addSql('create index alert_of_watchers on alert using gin (watchers)');
    this.addSql('create index alert_inhibited on alert (inhibited_by) where inhibited_by is not null');
    this.addSql(`
      create table alert_step (
        alert_id uuid not null references alert on delete cascade,
        -- Steps are laid out anew after a snooze and when somebody else takes over.
        generation integer not null,
        step integer not null,
        is_last_resort boolean not null,
        recipients jsonb not null,
        due_at timestamptz not null,
        done_at timestamptz,
        outcome text check (outcome in ('told', 'told-with', 'stopped')),
        primary key (alert_id, generation, step),
        check ((done_at is null) = (outcome is null))
      )`);
    this.addSql('create index alert_step_due on alert_step (due_at) where done_at is null');
    this.addSql(`
      create table alert_note (
        position bigint generated always as identity primary key,
        alert_id uuid not null references alert on delete cascade,
        at timestamptz not null,
        kind text not null,
        by text,
        details jsonb not null
      )`);
    this.addSql('create index alert_note_of_alert on alert_note (alert_id, position)');
    this.addSql(`
      create table silence (
        id uuid primary key,
        patient_id uuid,
        rule_id uuid references alert_rule on delete cascade,
        up_to smallint not null,
        from_at timestamptz not null,
        until_at timestamptz not null,
        reason text not null,
        author text not null,
        ended_at timestamptz,
        ended_by text,
        check (until_at > from_at)
      )`);
    this.addSql(`
      create table question (
        id uuid primary key,
        patient_id uuid not null,
        code text not null,
        doubt text not null,
        reading_ids jsonb not null,
        count integer not null,
        watchers uuid[] not null,
        asked_at timestamptz not null,
        last_at timestamptz not null,
        answered_at timestamptz,
        answered_by text,
        answer text check (answer in ('mine', 'not-mine', 'wrong', 'right'))
      )`);
    this.addSql(`
      create unique index question_open on question (patient_id, code, doubt) where answered_at is null`);
    this.addSql('create index question_of_watchers on question using gin (watchers)');
    this.addSql(`
      create table heartbeat (
        name text primary key,
        at timestamptz not null,
        blind_since timestamptz
      )`);
    this.addSql(`
      create table alert_change (
        position bigint generated always as identity primary key,
        alert_id uuid not null,
        watchers uuid[] not null,
        at timestamptz not null
      )`);
    this.addSql(serviceTables);
    this.addSql(heldClaims);
    this.addSql(storedEffects);
    this.addSql(waitingEventTables);
    this.addSql(waitingEventIndexes);
    this.addSql(auditTable);
    this.addSql(auditTableInParts);
    this.addSql(goneTable);
  }
}
