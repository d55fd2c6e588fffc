import { goneTable } from '@cabinet/postgres/gone-patients';
import { Migration } from '@mikro-orm/migrations';

export class PatientsGone extends Migration {
  override up(): void {
    this.addSql(goneTable);
    // Two logins of one person lead to one patient once their registrations have been merged; else there is one.
    this.addSql('alter table user_account drop constraint user_account_patient_unique');
    this.addSql('create index user_account_by_patient on user_account (patient_id)');
  }
}
