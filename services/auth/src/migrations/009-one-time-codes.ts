import { Migration } from '@mikro-orm/migrations';

export class OneTimeCodes extends Migration {
  override up(): void {
    this.addSql(`
create table one_time_code (
  id uuid primary key,
  -- a keyed digest of the code
  hash text not null unique,
  channel text not null check (channel in ('mail', 'paper')),
  -- the code itself, sealed, until its mail has been sent or it has run out
  sealed bytea check ((sealed is not null) = (channel = 'mail')),
  user_id uuid references user_account (id) on delete cascade,
  invitation jsonb,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  check ((user_id is null) <> (invitation is null))
)`);
    this.addSql('create index one_time_code_by_user on one_time_code (user_id)');
    this.addSql("create index one_time_code_by_patient on one_time_code ((invitation ->> 'patientId'))");
    this.addSql('create index one_time_code_by_end on one_time_code (expires_at)');
  }
}
