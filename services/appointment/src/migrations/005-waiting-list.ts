import { Migration } from '@mikro-orm/migrations';

/**
 * Who waits for what, and what they were offered. An offer is a hold (a pending appointment with an end), so the constraints
 * on appointments keep a slot from being offered twice; that nobody has two offers at once is kept here. Whether an offer was
 * taken is read from its appointment.
 */
export class WaitingList extends Migration {
  override up(): void {
    this.addSql(`
      create table waiting (
        id uuid primary key,
        version integer not null default 1,
        status text not null check (status in ('waitlist', 'proposed', 'booked', 'cancelled')),
        patient_id uuid not null,
        wants jsonb not null,
        from_date date not null,
        until_date date not null,
        times jsonb not null,
        notice_minutes integer not null,
        priority smallint not null,
        lapses smallint not null default 0,
        replaces uuid,
        reason text,
        ended jsonb,
        created_at timestamptz not null,
        created_by text not null
      )`);
    this.addSql(`
      create index waiting_in_order on waiting (priority, lapses, created_at, id) where status in ('waitlist', 'proposed')`);
    this.addSql('create index waiting_by_patient on waiting (patient_id)');
    this.addSql(`
      create table waiting_offer (
        appointment_id uuid primary key references appointment,
        waiting_id uuid not null references waiting,
        status text not null check (status in ('open', 'accepted', 'refused', 'lapsed')),
        offered_at timestamptz not null,
        ends_at timestamptz not null,
        answered_at timestamptz,
        passed_over jsonb not null
      )`);
    this.addSql(`create unique index waiting_offer_open on waiting_offer (waiting_id) where status = 'open'`);
    this.addSql('create index waiting_offer_by_waiting on waiting_offer (waiting_id, offered_at)');
  }
}
