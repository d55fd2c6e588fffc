import { Migration } from '@mikro-orm/migrations';

/** For whom secretaries worked, so that it can be seen who changed it, and when; not known of what was set before. */
export class RuleVersions extends Migration {
  override up(): void {
    this.addSql(`
create table delegation_rule_version (
  version integer primary key,
  secretaries_work_for text not null,
  changed_at timestamptz,
  changed_by uuid
)`);
    this.addSql(`
insert into delegation_rule_version (version, secretaries_work_for)
select version, secretaries_work_for from delegation_rule`);
  }
}
