import type { StoreFigures } from '@cabinet/service/observe/store-figures';
import { deadLettersOf } from './dead-letters.js';
import { notesOf } from './journal-notes.js';
import type { MongoOrm } from './orm.js';
import { waitingEventsOf } from './waiting-events.js';

/** @throws whatever the database answers while it is away */
export async function readFigures(orm: MongoOrm): Promise<StoreFigures> {
  const db = orm.em.getDriver().getConnection().getDb();
  const [pending, oldest, waiting, longest, deadLetters, { totalSize }] = await Promise.all([
    notesOf(orm).countDocuments(),
    notesOf(orm).find().sort({ at: 1 }).limit(1).next(),
    waitingEventsOf(orm).countDocuments(),
    waitingEventsOf(orm)
      .find({}, { projection: { firstAt: 1 } })
      .sort({ firstAt: 1 })
      .limit(1)
      .next(),
    deadLettersOf(orm).countDocuments(),
    db.command({ dbStats: 1 }),
  ]);
  return {
    outbox_pending: pending,
    outbox_oldest_seconds: oldest ? (Date.now() - oldest.at.getTime()) / 1000 : 0,
    events_waiting: waiting,
    events_waiting_oldest_seconds: longest ? (Date.now() - longest.firstAt.getTime()) / 1000 : 0,
    dead_letters: deadLetters,
    database_size_bytes: totalSize,
  };
}
