/**
 * The table of the audit trail, for a migration. A trigger refuses every change and removal, also by the service's own
 * role; the hash chain shows what somebody with more rights may have done.
 */
export const auditTable = `
create table audit_event (
  sequence bigint primary key,
  at timestamptz(3) not null,
  actor text not null,
  roles text[] not null,
  action text not null,
  subjects text[] not null,
  outcome integer not null,
  request_id text not null,
  address text,
  hash text not null
);
create index audit_event_subjects on audit_event using gin (subjects);
create function refuse_change_of_audit() returns trigger language plpgsql as
  'begin raise exception ''audit events are neither changed nor removed''; end';
create trigger audit_event_stays before update or delete or truncate on audit_event
  for each statement execute function refuse_change_of_audit();
`;

/** Events in each part of the table. */
export const partSize = 2_000_000;

/**
 * What comes after `auditTable`, for a migration: the columns of keyed events, parts of ${partSize} events each, so that old
 * ones can go as a whole when their time is over, and indexes for whoever looks for an actor, an action, a subject or a
 * time. The service's role has neither the right nor, by the triggers, the means to change what is there; who owns the
 * table could give itself both, and is then found out by the chain.
 */
export const auditTableInParts = `
alter table audit_event rename to audit_event_1;
alter index audit_event_pkey rename to audit_event_1_pkey;
alter index audit_event_subjects rename to audit_event_1_subjects;
alter table audit_event_1
  add column practitioner_id text,
  add column on_behalf_of text,
  add column purpose text,
  add column times integer,
  add column witnessed text,
  add column key_id text;
create table audit_event (like audit_event_1, primary key (sequence)) partition by range (sequence);
create index audit_event_subjects on audit_event using gin (subjects);
create index audit_event_at on audit_event (at, sequence);
create index audit_event_actor on audit_event (actor, at, sequence);
create index audit_event_action on audit_event (action, at, sequence);
create index audit_event_witnessed on audit_event (sequence) where witnessed is not null;
create trigger audit_event_stays before update or delete or truncate on audit_event
  for each statement execute function refuse_change_of_audit();
do $$ begin
  execute format('alter table audit_event attach partition audit_event_1 for values from (1) to (%s)',
    1 + ${partSize} * (1 + (select coalesce(max(sequence), 0) from audit_event_1) / ${partSize}));
  execute format('revoke update, delete, truncate on audit_event, audit_event_1 from %I', current_user);
end $$;
-- What the trail will say of changes whose process dies before their answer: written with the change, gone with the answer.
create table audit_note (
  id uuid primary key,
  at timestamptz not null,
  event jsonb not null
);
create function make_audit_part(event_sequence bigint) returns void language plpgsql
  security definer set search_path = public, pg_temp as $$
declare
  first bigint := (event_sequence - 1) / ${partSize} * ${partSize} + 1;
  part text := 'audit_event_' || first;
  writer name;
begin
  perform pg_advisory_xact_lock(7410005);
  if to_regclass(part) is not null then return; end if;
  execute format('create table %I partition of audit_event for values from (%s) to (%s)', part, first, first + ${partSize});
  execute format('create trigger audit_event_stays before update or delete or truncate on %I
    for each statement execute function refuse_change_of_audit()', part);
  execute format('revoke update, delete, truncate on %I from %I', part, current_user);
  -- Where the table has been taken from the service's role, that one still writes, and copies it for backups.
  for writer in select grantee from information_schema.role_table_grants
    where table_name = 'audit_event' and privilege_type = 'INSERT' and grantee <> current_user loop
    execute format('grant select, insert on %I to %I', part, writer);
  end loop;
exception
  -- A part from before there were parts holds more than one.
  when invalid_object_definition then return;
end $$;
`;
