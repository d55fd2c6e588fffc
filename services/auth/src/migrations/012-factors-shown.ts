import { Migration } from '@mikro-orm/migrations';

/** A session that follows a locked one knows since when its user has shown no second factor. */
export class FactorsShown extends Migration {
  override up(): void {
    // null in sessions from before: it was when they began
    this.addSql('alter table session add column factor_shown_at timestamptz');
  }
}
