import { Migration } from '@mikro-orm/migrations';

const occupying = `status in ('pending', 'booked', 'arrived', 'fulfilled')`;

// Of an appointment between two sessions: its key is null, which no constraint holds.
const noSession = '00000000-0000-0000-0000-000000000000';

/**
 * Appointments keep time free around them, share a session (the patients of a group visit), and take rooms and devices
 * along. Whatever the code above does, the constraints hold:
 * - what a practitioner's appointments block does not overlap, except within one session;
 * - a seat of a session is taken once, and a place among a day's appointments of a type;
 * - a room or device is in one session at a time (intarray's && over the numbers of resources).
 */
export class Availability extends Migration {
  override up(): void {
    this.addSql('create extension if not exists intarray');
    this.addSql(`
      alter table appointment
        add mode text not null default 'in-person' check (mode in ('in-person', 'video', 'home')),
        add busy_from timestamptz,
        add busy_until timestamptz,
        add busy tstzrange not null generated always as
          (tstzrange(coalesce(busy_from, "start"), coalesce(busy_until, "end"), '[)')) stored,
        add session uuid,
        add session_key uuid generated always as (nullif(coalesce(session, id), '${noSession}')) stored,
        add seat smallint check (seat > 0),
        add day date,
        add day_place smallint check (day_place > 0),
        add resources int[],
        add constraint appointment_busy_throughout check (busy @> during),
        drop constraint appointment_practitioner_free`);
    this.addSql(`
      alter table appointment
        add constraint appointment_practitioner_free
          exclude using gist (practitioner_id with =, busy with &&, session_key with <>) where (${occupying}),
        add constraint appointment_resources_free
          exclude using gist (resources gist__int_ops with &&, busy with &&, session_key with <>)
          where (${occupying} and resources is not null)`);
    this.addSql(`
      create unique index appointment_seat_taken_once on appointment (session, seat)
        where ${occupying} and seat is not null`);
    this.addSql(`
      create unique index appointment_day_place_taken_once
        on appointment (practitioner_id, appointment_type_id, day, day_place) where ${occupying} and day_place is not null`);
    this.addSql(`
      alter table schedule
        add exceptions jsonb not null default '[]',
        add extra_openings jsonb not null default '[]',
        add absences jsonb not null default '[]',
        add holidays jsonb not null default '[]',
        add rules jsonb not null default '[]'`);
    this.addSql(`
      create table resource (
        id uuid primary key,
        version integer not null,
        number integer not null generated always as identity unique,
        kind text not null check (kind in ('room', 'device')),
        name text not null,
        place_id uuid,
        active boolean not null
      )`);
  }
}
