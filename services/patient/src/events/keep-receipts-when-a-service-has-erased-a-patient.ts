import { parseEvent } from '@cabinet/contracts';
import type { Clock } from '@cabinet/kit/clock';
import { handleOnce } from '@cabinet/postgres/inbox';
import type { EntityManager, Orm } from '@cabinet/postgres/orm';
import type { EventHandler } from '@cabinet/service/sidecar/deliveries';
import type { KeptReceipt } from '../domain/erasure.js';

type KeepReceipt = (tx: EntityManager, receipt: KeptReceipt) => Promise<void>;

const receipt = /^(\w+(?:-\w+)*)\.patient-data-erased$/;

/** Notes what a service did with the data of a patient who was erased. Of a topic, its teller alone is believed. */
export function keepReceiptsWhenAServiceHasErasedAPatient(orm: Orm, keep: KeepReceipt, clock: Clock): EventHandler {
  const handle = handleOnce(orm, 'keep-receipts', async (tx, received) => {
    for (const event of received.map(parseEvent)) {
      const service = event && receipt.exec(event.type)?.[1];
      if (service && 'what' in event.data) await keep(tx, { ...event.data, service, receivedAt: clock.now() });
    }
  });
  return async (events) => {
    const receipts = events.filter(({ type, source }) => receipt.exec(type)?.[1] === source);
    if (receipts.length > 0) await handle(receipts);
  };
}
