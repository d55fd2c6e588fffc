/**
 * Tables that every PostgreSQL service has, for its first migration: events to tell (outbox), events already handled
 * (inbox), events that could not be handled, and kept answers by idempotency key.
 */
export const serviceTables = `
create table outbox (
  position bigint generated always as identity primary key,
  event_id uuid not null unique,
  topic text not null,
  partition_key text not null,
  event jsonb not null,
  created_at timestamptz not null default now()
);

create table inbox (
  consumer text not null,
  event_id text not null,
  handled_at timestamptz not null default now(),
  primary key (consumer, event_id)
);

create table dead_letter (
  event_id text primary key,
  topic text not null,
  type text not null,
  event jsonb not null,
  received_at timestamptz not null default now(),
  replayed_at timestamptz
);

create table idempotency_key (
  caller text not null,
  operation text not null,
  key text not null,
  body_hash text not null,
  claimed_at timestamptz not null default now(),
  answer jsonb,
  primary key (caller, operation, key)
);
create index idempotency_key_claimed_at on idempotency_key (claimed_at);
`;
