import type { StoreFigures } from '@cabinet/service/observe/store-figures';
import { deadLettersOf } from './dead-letters.js';
import { notesOf } from './journal-notes.js';
import type { MongoOrm } from './orm.js';
import { waitingEventsOf } from './waiting-events.js';

/** @throws whatever the database answers while it is away */
export async function readFigures(orm: MongoOrm): Promise<StoreFigures> {
  const db = orm.em.getDriver().getConnection().getDb();
  const [pending, oldest, waiting, deadLetters, { totalSize }] = await Promise.all([
    notesOf(orm).countDocuments(),
    notesOf(orm).find().sort({ at: 1 }).limit(1).next(),
    waitingEventsOf(orm)
      .find({}, { projection: { firstAt: 1 } })
      .toArray(),
    deadLettersOf(orm).countDocuments(),
    db.command({ dbStats: 1 }),
  ]);
  const heardAt = waiting.map(({ firstAt }) => firstAt.getTime());
  return {
    outbox_pending: pending,
    outbox_oldest_seconds: oldest ? (Date.now() - oldest.at.getTime()) / 1000 : 0,
    events_waiting: heardAt.length,
    events_waiting_oldest_seconds: heardAt.length > 0 ? (Date.now() - Math.min(...heardAt)) / 1000 : 0,
    dead_letters: deadLetters,
    database_size_bytes: totalSize,
  };
}
