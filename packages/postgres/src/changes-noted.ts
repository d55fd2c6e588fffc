import { changeAtHand } from '@cabinet/service/audit/change-notes';
import type { EventSubscriber, TransactionEventArgs } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';

/** Stores with every change what the trail will say of it, in the change's own transaction. */
export class ChangesNoted implements EventSubscriber {
  async beforeTransactionCommit({ em }: TransactionEventArgs): Promise<void> {
    const note = changeAtHand();
    if (!note) return;
    const { id, event } = note;
    await (em as EntityManager).execute(
      `insert into audit_note (id, at, event) values (?, ?, ?::jsonb)
       on conflict (id) do update set event = excluded.event`,
      [id, event.at, JSON.stringify(event)],
    );
  }
}
