import { serviceTables } from '@cabinet/postgres/tables';
import { Migration } from '@mikro-orm/migrations';

export class Init extends Migration {
  override up(): void {
    this.addSql(`
create table user_account (
  id uuid primary key,
  -- normalised by the service, so that plain uniqueness is uniqueness whatever the case
  email text not null constraint user_account_email_unique unique,
  password_hash text not null,
  roles text[] not null check (roles <@ array['patient', 'practitioner', 'secretary', 'admin'] and cardinality(roles) > 0),
  patient_id uuid constraint user_account_patient_unique unique,
  practitioner_id uuid constraint user_account_practitioner_unique unique,
  active boolean not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  version integer not null,
  check (patient_id is null or 'patient' = any (roles)),
  check (practitioner_id is null or 'practitioner' = any (roles))
)`);
    this.addSql(`
create table session (
  id uuid primary key,
  user_id uuid not null references user_account (id),
  generation integer not null,
  rotated_at timestamptz not null,
  ends_at timestamptz not null,
  revoked_at timestamptz
)`);
    this.addSql('create index session_by_user on session (user_id)');
    this.addSql('create index session_by_end on session (ends_at)');
    this.addSql(`
create table refresh_token (
  -- SHA-256: the token itself is 256 random bits, so a slow hash would add nothing
  hash text primary key,
  session_id uuid not null references session (id) on delete cascade,
  generation integer not null
)`);
    this.addSql('create index refresh_token_by_session on refresh_token (session_id)');
    this.addSql(`
create table sign_in_attempts (
  -- a keyed digest of the account's name or of the network address
  subject text primary key,
  failures integer not null,
  last_failure_at timestamptz not null,
  locked_until timestamptz
)`);
    this.addSql(`
create table signing_key (
  kid text primary key,
  public_jwk jsonb not null,
  private_jwk_sealed bytea not null,
  created_at timestamptz not null
)`);
    this.addSql(serviceTables);
  }
}
