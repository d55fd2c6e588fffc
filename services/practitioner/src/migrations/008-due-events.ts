import { waitingEventIndexes } from '@cabinet/postgres/waiting-events';
import { Migration } from '@mikro-orm/migrations';

/** What is due among many events that wait is found without reading them all. */
export class DueEvents extends Migration {
  override up(): void {
    this.addSql(waitingEventIndexes);
  }
}
