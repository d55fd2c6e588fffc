import { Migration } from '@mikro-orm/migrations';

/** Who has waited longest is seen by when they came, not by when they were to come. */
export class ArrivalTimes extends Migration {
  override up(): void {
    this.addSql('alter table appointment add arrived_at timestamptz');
  }
}
