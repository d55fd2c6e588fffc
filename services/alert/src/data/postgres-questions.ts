import { noteStored } from '@cabinet/postgres/idempotency';
import type { Orm } from '@cabinet/postgres/orm';
import type { Question, QuestionAnswer, Questions } from '../domain/ports.js';
import { arrayOf, dateOf, ms } from './fragments.js';

const columns = `id, patient_id as "patientId", code, doubt, reading_ids as "readingIds", count,
  to_jsonb(watchers) as watchers, ${ms('asked_at')} as "askedAt", ${ms('last_at')} as "lastAt"`;

export class PostgresQuestions implements Questions {
  constructor(private readonly orm: Orm) {}

  async find(id: string): Promise<Question | undefined> {
    return (await this.select('where id = ?', [id]))[0];
  }

  list(watcher: string, limit: number): Promise<Question[]> {
    return this.select(`where watchers @> ?::uuid[] and answered_at is null order by asked_at, id limit ${limit}`, [
      arrayOf([watcher]),
    ]);
  }

  ofPatient(patientId: string): Promise<Question[]> {
    return this.select('where patient_id = ? order by asked_at, id', [patientId]);
  }

  async answer(id: string, answer: QuestionAnswer, at: Date, by: string): Promise<void> {
    await this.orm.em.fork().transactional(async (tx) => {
      await tx.execute(
        'update question set answer = ?, answered_at = ?, answered_by = ? where id = ? and answered_at is null',
        [answer, at, by, id],
      );
      await noteStored(tx);
    });
  }

  private async select(rest: string, values: unknown[]): Promise<Question[]> {
    const rows = await this.orm.em
      .fork()
      .execute<(Omit<Question, 'askedAt' | 'lastAt'> & { askedAt: string; lastAt: string })[]>(
        `select ${columns} from question ${rest}`,
        values,
      );
    return rows.map(({ askedAt, lastAt, ...row }) => ({ ...row, askedAt: dateOf(askedAt), lastAt: dateOf(lastAt) }));
  }
}
