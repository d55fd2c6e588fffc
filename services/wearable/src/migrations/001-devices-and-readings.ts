import { auditTable, auditTableInParts } from '@cabinet/postgres/audit-tables';
import { goneTable } from '@cabinet/postgres/gone-patients';
import { heldClaims, storedEffects } from '@cabinet/postgres/idempotency';
import { serviceTables } from '@cabinet/postgres/tables';
import { waitingEventIndexes, waitingEventTables } from '@cabinet/postgres/waiting-events';
import { Migration } from '@mikro-orm/migrations';

const parts = 16;

/** Once released it stays as it is, and what changes later is a migration of its own. Decision 48 says why readings lie so. */
export class DevicesAndReadings extends Migration {
  override up(): void {
    this.addSql(`
      create table device (
        id uuid primary key,
        name text not null,
        manufacturer text,
        model text,
        -- null: nobody has it
        token_hash text unique,
        created_at timestamptz not null,
        seen_at timestamptz
      )`);
    this.addSql(`
      create table pairing (
        id uuid primary key,
        device_id uuid not null references device on delete cascade,
        patient_id uuid not null,
        certainty text not null,
        since timestamptz not null,
        until timestamptz,
        exclude using gist (device_id with =, tstzrange(since, until) with &&)
      )`);
    this.addSql('create index pairing_of_device on pairing (device_id, since)');
    this.addSql('create index pairing_of_patient on pairing (patient_id)');
    // What is measured of a patient.
    this.addSql(`
      create table track (
        id integer generated always as identity primary key,
        patient_id uuid not null,
        code text not null,
        unique (patient_id, code)
      )`);
    // What it is measured with.
    this.addSql(`
      create table origin (
        id integer generated always as identity primary key,
        patient_id uuid not null,
        device_id uuid,
        name text not null
      )`);
    this.addSql('create index origin_of_patient on origin (patient_id)');
    this.addSql(`
      create table reading (
        effective_at timestamptz not null,
        received_at timestamptz not null,
        value double precision not null,
        content_hash bigint not null,
        id uuid not null,
        identity uuid not null,
        track_id integer not null,
        origin_id integer not null,
        seconds integer,
        offset_minutes smallint not null,
        version smallint not null,
        flags smallint not null,
        certainty smallint not null,
        primary key (track_id, identity)
      ) partition by hash (track_id)`);
    for (let part = 0; part < parts; part += 1)
      this.addSql(
        `create table reading_${part} partition of reading for values with (modulus ${parts}, remainder ${part})`,
      );
    this.addSql('create index reading_by_time on reading (track_id, effective_at)');
    // What was corrected, as it was before.
    this.addSql('create table reading_earlier (like reading)');
    this.addSql('create index reading_earlier_of on reading_earlier (track_id, identity)');
    this.addSql(`
      create table reading_hour (
        hour timestamptz not null,
        low double precision not null,
        high double precision not null,
        total double precision not null,
        track_id integer not null,
        origin_id integer not null,
        count integer not null,
        primary key (track_id, hour, origin_id)
      )`);
    this.addSql(`
      create table file_import (
        id uuid primary key,
        patient_id uuid not null,
        format text not null,
        zone text not null,
        bytes bigint,
        read bigint not null,
        rest bytea not null,
        context jsonb not null,
        report jsonb not null,
        started_at timestamptz not null,
        changed_at timestamptz not null,
        ended_at timestamptz
      )`);
    this.addSql('create index file_import_of_patient on file_import (patient_id)');
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
