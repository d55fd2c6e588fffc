import { Migration } from '@mikro-orm/migrations';

/** In which sections guardians act no longer from an age on, and which of them the minor has opened all the same. */
export class SectionsThatEnd extends Migration {
  override up(): void {
    this.addSql(`
      alter table related_person
        add column opened text[] not null default '{}',
        add column ends jsonb not null default '[]',
        -- by which ages of the practice the times were worked out; of guardians of before not known
        add column ages_setting text`);
  }
}
