import { Migration } from '@mikro-orm/migrations';

/** What was asked for by links in messages: each once for a message, and gone with it. */
export class VisitActs extends Migration {
  override up(): void {
    this.addSql(`
      create table visit_act (
        decision_id uuid not null references decision on delete cascade,
        act text not null,
        state text not null,
        asked_at timestamptz not null,
        due_at timestamptz not null,
        next_at timestamptz not null,
        "start" text,
        minutes integer,
        -- From then on nobody takes it back.
        is_begun boolean not null default false,
        why text,
        lease uuid,
        leased_until timestamptz,
        primary key (decision_id, act)
      )`);
    this.addSql(`create unique index visit_act_planned on visit_act (decision_id) where state = 'planned'`);
    this.addSql(`create index visit_act_due on visit_act (next_at) where state = 'planned'`);
  }
}
