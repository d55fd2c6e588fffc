import { Migration } from '@mikro-orm/migrations';

/** What practitioners let others do for them, and for whom secretaries work without that. */
export class Delegations extends Migration {
  override up(): void {
    this.addSql(`
create table delegation (
  id uuid primary key,
  practitioner_id uuid not null,
  delegate_id uuid not null references user_account (id) on delete cascade,
  works_as text not null check (works_as in ('secretary', 'locum')),
  scopes text[] not null,
  starts_at timestamptz not null,
  until timestamptz,
  given_at timestamptz not null,
  given_by text not null,
  -- kept, so that it is known who worked for whom
  ended_at timestamptz,
  ended_by text
)`);
    this.addSql('create index delegation_by_delegate on delegation (delegate_id) where ended_at is null');
    this.addSql('create index delegation_by_practitioner on delegation (practitioner_id) where ended_at is null');
    this.addSql(`
create table delegation_rule (
  is_the_only_one boolean primary key default true check (is_the_only_one),
  secretaries_work_for text not null default 'all' check (secretaries_work_for in ('all', 'named')),
  version integer not null default 1
)`);
    this.addSql('insert into delegation_rule default values');
  }
}
