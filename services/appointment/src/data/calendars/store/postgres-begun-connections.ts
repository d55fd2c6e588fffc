import type { Orm } from '@cabinet/postgres/orm';
import type { BegunConnection, BegunConnections } from '../../../domain/calendars/connect-google.js';
import type { Seal } from '../../sealed.js';

export class PostgresBegunConnections implements BegunConnections {
  constructor(
    private readonly orm: Orm,
    private readonly seal: Seal,
  ) {}

  async keep(stateHash: string, begun: BegunConnection, now: Date): Promise<void> {
    const em = this.orm.em.fork();
    await em.execute('delete from calendar_authorization where expires_at <= ?', [now]);
    await em.execute('insert into calendar_authorization (state_hash, begun, expires_at) values (?, ?, ?)', [
      stateHash,
      this.seal.close(stateHash, begun),
      begun.expiresAt,
    ]);
  }

  async take(stateHash: string): Promise<BegunConnection | undefined> {
    const [row] = await this.orm.em
      .fork()
      .execute<{ begun: string }[]>('delete from calendar_authorization where state_hash = ? returning begun', [
        stateHash,
      ]);
    if (!row) return undefined;
    const begun = this.seal.open<BegunConnection>(stateHash, row.begun);
    return begun && { ...begun, expiresAt: new Date(begun.expiresAt) };
  }
}
