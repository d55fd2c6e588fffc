import { type EventData, parseEvent } from '@cabinet/contracts';
import { handleOnce } from '@cabinet/postgres/inbox';
import type { EntityManager, Orm } from '@cabinet/postgres/orm';
import type { EventHandler } from '@cabinet/service/sidecar/deliveries';

interface Hearing {
  hear(tx: EntityManager, readings: readonly EventData<'reading-taken'>[]): Promise<void>;
}

/** @param told called when what came of it is committed */
export const evaluateRulesWhenAReadingIsTaken = (orm: Orm, watching: Hearing, told: () => void): EventHandler => {
  const evaluate = handleOnce(orm, 'evaluate-rules', async (tx, received) => {
    // One that is not of the form throws, and is kept as a dead letter; the others of its batch are tried one by one.
    const readings = received.map(parseEvent).flatMap((event) => (event?.type === 'reading-taken' ? [event.data] : []));
    if (readings.length > 0) await watching.hear(tx, readings);
  });
  return async (events) => {
    await evaluate(events);
    told();
  };
};
