import type { StoreFigures } from '../observe/store-figures.js';
import { deadLettersOf } from './dead-letters.js';
import { notesOf } from './journal.js';
import type { MongoOrm } from './orm.js';

/** @throws whatever the database answers while it is away */
export async function readFigures(orm: MongoOrm): Promise<StoreFigures> {
  const db = orm.em.getDriver().getConnection().getDb();
  const [pending, oldest, deadLetters, { totalSize }] = await Promise.all([
    notesOf(orm).countDocuments(),
    notesOf(orm).find().sort({ at: 1 }).limit(1).next(),
    deadLettersOf(orm).countDocuments({ replayedAt: null }),
    db.command({ dbStats: 1 }),
  ]);
  return {
    outbox_pending: pending,
    outbox_oldest_seconds: oldest ? (Date.now() - oldest.at.getTime()) / 1000 : 0,
    dead_letters: deadLetters,
    database_size_bytes: totalSize,
  };
}
