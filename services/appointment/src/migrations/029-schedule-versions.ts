import { Migration } from '@mikro-orm/migrations';

/** What was set of each schedule, so that it can be seen who changed it, and set back. Of what was there before nobody knows who. */
export class ScheduleVersions extends Migration {
  override up(): void {
    this.addSql(`
create table schedule_version (
  practitioner_id uuid not null,
  version integer not null,
  changed_at timestamptz,
  changed_by uuid,
  hours jsonb not null,
  exceptions jsonb not null,
  extra_openings jsonb not null,
  absences jsonb not null,
  holidays jsonb not null,
  rules jsonb not null,
  primary key (practitioner_id, version)
)`);
    this.addSql(`
insert into schedule_version (practitioner_id, version, hours, exceptions, extra_openings, absences, holidays, rules)
select practitioner_id, version, hours, exceptions, extra_openings, absences, holidays, rules from schedule`);
  }
}
