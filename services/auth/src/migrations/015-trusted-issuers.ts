import { Migration } from '@mikro-orm/migrations';

/** Who signs in by the word of an issuer elsewhere, in which session there, and the keys that issuers encrypt to. */
export class TrustedIssuers extends Migration {
  override up(): void {
    this.addSql(`
create table identity_link (
  id uuid primary key,
  issuer_id text not null,
  -- what the issuer knows them by
  subject text not null,
  -- what it tells of them, for whoever confirms it; gone when that is done
  person_sealed bytea,
  -- null: nobody has confirmed it
  user_id uuid references user_account (id) on delete cascade,
  confirmed_by uuid,
  confirmed_at timestamptz,
  created_at timestamptz not null,
  last_shown_at timestamptz not null,
  constraint identity_link_subject_unique unique (issuer_id, subject),
  constraint identity_link_user_unique unique (issuer_id, user_id)
)`);
    this.addSql('create index identity_link_by_user on identity_link (user_id)');
    this.addSql(`
create table session_elsewhere (
  session_id uuid primary key references session (id) on delete cascade,
  issuer_id text not null,
  link_id uuid,
  sub text not null,
  sid text,
  id_token_sealed bytea not null,
  -- where they work during the session
  site text
)`);
    this.addSql('create index session_elsewhere_by_sub on session_elsewhere (issuer_id, sub)');
    this.addSql('create index session_elsewhere_by_link on session_elsewhere (link_id)');
    this.addSql(`
create table encryption_key (
  kid text primary key,
  alg text not null,
  public_jwk jsonb not null,
  private_jwk_sealed bytea not null,
  created_at timestamptz not null
)`);
  }
}
