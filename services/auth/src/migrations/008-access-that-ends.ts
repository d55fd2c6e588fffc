import { Migration } from '@mikro-orm/migrations';

/** What people see of their sessions, and what tokens stand on and may no longer. */
export class AccessThatEnds extends Migration {
  override up(): void {
    this.addSql('alter table session add column created_at timestamptz');
    this.addSql('update session set created_at = rotated_at');
    this.addSql('alter table session alter column created_at set not null, add column device text');
    this.addSql('alter table user_account add column access_version integer not null default 1');
    this.addSql(`
create table ended_access (
  -- a digest, see the kit's ended-access.ts
  ground text primary key,
  ended_at timestamptz not null
)`);
    this.addSql('create index ended_access_by_time on ended_access (ended_at)');
  }
}
