import { Migration } from '@mikro-orm/migrations';

/** A code ends with the rights of whoever made it. */
export class MakersOfCodes extends Migration {
  override up(): void {
    // null where somebody asked for a mail, and in codes from before
    this.addSql('alter table one_time_code add column made_by uuid references user_account (id) on delete cascade');
    this.addSql('create index one_time_code_by_maker on one_time_code (made_by)');
  }
}
