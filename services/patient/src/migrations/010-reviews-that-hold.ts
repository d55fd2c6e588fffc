import { Migration } from '@mikro-orm/migrations';

/** One thing to review of a day and patient, marks that stay known when they are taken away, and which trail was looked at. */
export class ReviewsThatHold extends Migration {
  override up(): void {
    this.addSql('alter table unusual_access add column version integer not null default 1');
    // Services that told at once may have left several.
    this.addSql(`
      with several as (
        select min(id::text)::uuid as first, array_agg(id) as ids, bool_or(is_sampled) or count(distinct reasons) > 1 as is_sampled,
          max(patients) as patients, max(usual) as usual, min(first_at) as first_at, max(last_at) as last_at, min(due_at) as due_at
        from unusual_access where verdict is null group by actor, patient_id, day having count(*) > 1
      ), together as (
        update unusual_access u set is_sampled = several.is_sampled, patients = several.patients, usual = several.usual,
          first_at = several.first_at, last_at = several.last_at, due_at = several.due_at, version = 2,
          reasons = (select jsonb_agg(distinct reason)
            from unusual_access its, jsonb_array_elements(its.reasons) as reason where its.id = any(ids)),
          lines = (select jsonb_agg(line order by line ->> 'at')
            from unusual_access its, jsonb_array_elements(its.lines) as line where its.id = any(ids))
        from several where u.id = several.first
      )
      delete from unusual_access u using several where u.id = any(several.ids) and u.id <> several.first`);
    this.addSql(`
      create unique index unusual_access_open on unusual_access (actor, day, patient_id) nulls not distinct
      where verdict is null`);
    this.addSql('alter table security_label add column removed_at timestamptz, add column removed_by text');
    this.addSql('alter table security_label drop constraint security_label_pkey');
    this.addSql(
      'create unique index security_label_there on security_label (patient_id, code) where removed_at is null',
    );
    this.addSql('create index security_label_patient on security_label (patient_id)');
    this.addSql('alter table access_watch add column hash text');
    this.addSql(`
      -- patients with whom users of the practice are or were linked
      create table colleague (
        patient_id uuid primary key,
        last_at timestamptz not null
      )`);
  }
}
