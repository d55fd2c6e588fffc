import { Migration } from '@mikro-orm/migrations';

export class SecondFactors extends Migration {
  override up(): void {
    this.addSql(
      'alter table session add column enrolling boolean not null default false, add column locked_at timestamptz',
    );
    this.addSql(`
create table totp (
  user_id uuid primary key references user_account (id) on delete cascade,
  secret_sealed bytea not null,
  -- until a code of it has been shown, nobody is asked for one
  confirmed boolean not null,
  -- the time step of the last code that was taken: no code is taken twice
  last_step bigint
)`);
    this.addSql(`
create table recovery_code (
  user_id uuid not null references user_account (id) on delete cascade,
  -- a keyed digest
  hash text not null,
  primary key (user_id, hash)
)`);
    this.addSql(`
create table passkey (
  id uuid primary key,
  user_id uuid not null references user_account (id) on delete cascade,
  credential_id text not null constraint passkey_credential_unique unique,
  -- COSE
  public_key bytea not null,
  counter bigint not null,
  synced boolean not null,
  backed_up boolean not null,
  transports text[] not null,
  name text not null,
  created_at timestamptz not null,
  last_used_at timestamptz,
  counter_fell_at timestamptz
)`);
    this.addSql('create index passkey_by_user on passkey (user_id)');
    this.addSql(`
create table used_challenge (
  challenge text primary key,
  expires_at timestamptz not null
)`);
    this.addSql('create index used_challenge_by_end on used_challenge (expires_at)');
  }
}
