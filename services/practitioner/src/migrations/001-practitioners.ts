import { serviceTables } from '@cabinet/postgres/tables';
import { Migration } from '@mikro-orm/migrations';

/**
 * `search_text` and `speciality_text` have folded words, each after a space, so that `like '% mar%'` finds the beginnings
 * of words by the trigram index. Places and types are small, read with their practitioner and referred to by id.
 */
export class Practitioners extends Migration {
  override up(): void {
    this.addSql('create extension if not exists pg_trgm');
    this.addSql(`
      create table practitioner (
        id uuid primary key,
        version integer not null,
        active boolean not null,
        inactive_reason text,
        family_name text not null,
        given_names jsonb not null,
        rpps text,
        specialities jsonb not null,
        places jsonb not null,
        appointment_types jsonb not null,
        telecom jsonb not null,
        search_text text not null,
        speciality_text text not null,
        name_key text not null,
        sort_name text collate "C" not null,
        created_at timestamptz not null,
        updated_at timestamptz not null
      )`);
    this.addSql('create unique index practitioner_by_rpps on practitioner (rpps)');
    this.addSql('create index practitioner_by_name on practitioner (sort_name, id)');
    this.addSql('create index practitioner_by_name_key on practitioner (name_key)');
    this.addSql('create index practitioner_by_words on practitioner using gin (search_text gin_trgm_ops)');
    this.addSql('create index practitioner_by_speciality on practitioner using gin (speciality_text gin_trgm_ops)');
    this.addSql(serviceTables);
  }
}
