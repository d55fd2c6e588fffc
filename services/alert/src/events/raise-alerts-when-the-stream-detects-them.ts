import { type EventData, parseEvent } from '@cabinet/contracts';
import { handleOnce } from '@cabinet/postgres/inbox';
import type { EntityManager, Orm } from '@cabinet/postgres/orm';
import type { EventHandler } from '@cabinet/service/sidecar/deliveries';

interface Taking {
  takeDetected(tx: EntityManager, detected: readonly EventData<'alert-candidates.detected'>[]): Promise<void>;
  streamGoesOn(tx: EntityManager): Promise<unknown>;
}

/** @param told called when what came of it is committed */
export const raiseAlertsWhenTheStreamDetectsThem = (orm: Orm, taking: Taking, told: () => void): EventHandler => {
  const take = handleOnce(orm, 'take-detected', async (tx, received) => {
    const events = received.flatMap((each) => parseEvent(each) ?? []);
    const detected = events.flatMap((event) => (event.type === 'alert-candidates.detected' ? [event.data] : []));
    if (detected.length > 0) await taking.takeDetected(tx, detected);
    if (events.some(({ type }) => type === 'alert-stream.goes-on')) await taking.streamGoesOn(tx);
  });
  return async (events) => {
    await take(events);
    told();
  };
};
