import { type ReadingTaken, readingTaken, readingTakenType } from '@cabinet/contracts/readings';
import { handleOnce } from '@cabinet/postgres/inbox';
import type { EntityManager, Orm } from '@cabinet/postgres/orm';
import type { EventHandler } from '@cabinet/service/sidecar/deliveries';

interface Hearing {
  hear(tx: EntityManager, readings: readonly ReadingTaken[]): Promise<void>;
}

/** @param told called when what came of it is committed */
export const evaluateRulesWhenAReadingIsTaken = (orm: Orm, watching: Hearing, told: () => void): EventHandler => {
  const evaluate = handleOnce(orm, 'evaluate-rules', async (tx, received) => {
    const readings = received
      .filter(({ type }) => type === readingTakenType)
      // One that is not of the form throws, and is kept as a dead letter; the others of its batch are tried one by one.
      .map(({ data }) => readingTaken.parse(data));
    if (readings.length > 0) await watching.hear(tx, readings);
  });
  return async (events) => {
    await evaluate(events);
    told();
  };
};
