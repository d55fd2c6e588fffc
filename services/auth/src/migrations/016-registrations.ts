import { Migration } from '@mikro-orm/migrations';

/** Who has registered themself as a patient, until somebody of the practice has said who that is. There is no user before. */
export class Registrations extends Migration {
  override up(): void {
    this.addSql(`
create table registration (
  id uuid primary key,
  email text not null,
  password_hash text not null,
  -- who they say they are
  applicant_sealed bytea not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  -- when they showed that mail to the address reaches them; null: nobody hears of it
  shown_at timestamptz
)`);
    this.addSql('create unique index registration_shown on registration (email) where shown_at is not null');
    this.addSql(
      'alter table one_time_code add column registration_id uuid references registration (id) on delete cascade',
    );
    // Each is for one thing.
    this.addSql('alter table one_time_code drop constraint one_time_code_check1');
    this.addSql(`alter table one_time_code add constraint one_time_code_for_one_thing
      check (num_nonnulls(user_id, invitation, registration_id) = 1)`);
    this.addSql('create index one_time_code_by_registration on one_time_code (registration_id)');
  }
}
