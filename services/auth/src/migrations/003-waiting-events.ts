import { waitingEventTables } from '@cabinet/postgres/waiting-events';
import { Migration } from '@mikro-orm/migrations';

/** Events that were heard and wait for what is away, and why dead letters are dead. */
export class WaitingEvents extends Migration {
  override up(): void {
    this.addSql(waitingEventTables);
  }
}
