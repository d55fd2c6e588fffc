import { Migration } from '@mikro-orm/migrations';

/** The password of a registration is chosen by who reads the mail, and not by who names the address. */
export class PasswordsOfReaders extends Migration {
  override up(): void {
    // Those of before may have the password of somebody else; who waits registers again.
    this.addSql('delete from registration');
    this.addSql('alter table registration alter column password_hash drop not null');
    this.addSql(`alter table registration add constraint registration_shown_with_password
      check (shown_at is null or password_hash is not null)`);
  }
}
