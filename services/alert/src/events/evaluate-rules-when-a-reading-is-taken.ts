import { type EventData, parseEvent } from '@cabinet/contracts';
import { handleOnce } from '@cabinet/postgres/inbox';
import type { EntityManager, Orm } from '@cabinet/postgres/orm';
import type { EventHandler } from '@cabinet/service/sidecar/deliveries';

interface Hearing {
  hear(tx: EntityManager, readings: readonly EventData<'reading-taken'>[]): Promise<boolean>;
}

/** @param told called when something came of it and is committed: of most readings nothing does */
export const evaluateRulesWhenAReadingIsTaken =
  (orm: Orm, watching: Hearing, told: () => void): EventHandler =>
  async (events) => {
    let isFound = false;
    const evaluate = handleOnce(orm, 'evaluate-rules', async (tx, received) => {
      // One that is not of the form throws, and is kept as a dead letter; the others of its batch are tried one by one.
      const readings = received
        .map(parseEvent)
        .flatMap((event) => (event?.type === 'reading-taken' ? [event.data] : []));
      if (readings.length > 0) isFound = await watching.hear(tx, readings);
    });
    await evaluate(events);
    if (isFound) told();
  };
