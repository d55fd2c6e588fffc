import { Migration } from '@mikro-orm/migrations';

/** What the provider of OpenID Connect keeps between two requests. */
export class OpenIdConnect extends Migration {
  override up(): void {
    this.addSql(`
create table oidc_state (
  model text not null,
  -- a digest: nobody can show a code, token or cookie who has only the database
  id text not null,
  sealed bytea not null,
  -- The session that it stands on; no foreign key, since who is signed out is told to clients afterwards.
  session_id uuid,
  user_id uuid,
  grant_id text,
  uid text,
  expires_at timestamptz not null,
  consumed_at timestamptz,
  -- when clients are told, or told again, that the session has ended
  tell_after timestamptz,
  primary key (model, id)
)`);
    this.addSql('create index oidc_state_by_grant on oidc_state (grant_id)');
    this.addSql('create index oidc_state_by_uid on oidc_state (uid)');
    this.addSql('create index oidc_state_by_session on oidc_state (session_id)');
    this.addSql('create index oidc_state_by_end on oidc_state (expires_at)');
    this.addSql('alter table session add column used_at timestamptz');
  }
}
