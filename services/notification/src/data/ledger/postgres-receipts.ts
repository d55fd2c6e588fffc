import type { EntityManager, Orm } from '@cabinet/postgres/orm';
import type { Happening, Receipt, Receipts, Told } from '../../domain/ports.js';
import type { NotificationEvents } from '../notification-events.js';
import { markAddress } from '../postgres-unreachable.js';

type Row = Told & { state: 'delivered' | 'failed'; provider: string; providerId: string; refused: string | null };

export class PostgresReceipts implements Receipts {
  constructor(
    private readonly orm: Orm,
    private readonly events: NotificationEvents,
  ) {}

  async note({ provider, providerId, state, failure }: Receipt, now: Date): Promise<boolean> {
    const isNew = await this.orm.em.fork().transactional(async (tx) => {
      // The last word of a provider is the first that says how it ended.
      await tx.execute('insert into receipt values (?, ?, ?, ?, ?, ?) on conflict (provider, provider_id) do nothing', [
        provider,
        providerId,
        state,
        failure?.class ?? null,
        failure?.text.slice(0, 500) ?? null,
        now,
      ]);
      return (await applyReceipts(tx, this.events, [providerId], now)) > 0;
    });
    if (isNew) this.events.committed();
    return isNew;
  }
}

/** Gives receipts of these messages their effect, whichever came first, the answer or the receipt. @returns how many had one */
export async function applyReceipts(
  tx: EntityManager,
  events: NotificationEvents,
  providerIds: readonly string[],
  now: Date,
): Promise<number> {
  if (providerIds.length === 0) return 0;
  const rows = await tx.execute<Row[]>(
    `update decision set version = decision.version + 1, state = receipt.state, decided_at = ?,
       failure_class = receipt.failure_class, failure_text = receipt.failure_text
     from receipt
     where receipt.provider_id in (select jsonb_array_elements_text(?::jsonb)) and decision.provider = receipt.provider
       and decision.provider_id = receipt.provider_id and decision.state = 'sent'
     returning decision.id, decision.version, decision.patient_id as "patientId", decision.kind, decision.channel, decision.state,
       decision.provider, decision.provider_id as "providerId",
       case when receipt.failure_class = 'permanent-address' then coalesce(receipt.failure_text, '') end as refused`,
    [now, JSON.stringify(providerIds)],
  );
  for (const { id, refused } of rows) if (refused !== null) await markAddress(tx, id, 'refused', refused, now);
  await events.enqueueAll(
    tx,
    rows.map(({ state, provider: _, providerId: __, refused: ___, patientId, ...told }): [Told, Happening] => [
      { ...told, patientId: patientId ?? undefined },
      state,
    ]),
  );
  return rows.length;
}
