import type { Orm } from '@cabinet/postgres/orm';
import { sqlState } from '@cabinet/postgres/sql-state';
import type {
  AfterPractitioner,
  PractitionerCriteria,
  Practitioners,
  PractitionerTransaction,
} from '../domain/ports.js';
import type { Practitioner } from '../domain/practitioner.js';
import { PostgresPractitionerTransaction, type PractitionerEvents } from './postgres-practitioner-transaction.js';
import { PractitionerSchema } from './practitioner.schema.js';
import { toPractitioner } from './practitioner-rows.js';

export class PostgresPractitioners implements Practitioners {
  constructor(
    private readonly orm: Orm,
    private readonly events: PractitionerEvents,
  ) {}

  async find(id: string): Promise<Practitioner | undefined> {
    const row = await this.orm.em.fork().findOne(PractitionerSchema, { id });
    return row ? toPractitioner(row) : undefined;
  }

  async search(criteria: PractitionerCriteria, limit: number, after?: AfterPractitioner): Promise<Practitioner[]> {
    const em = this.orm.em.fork();
    const { where, values } = conditionsOf(criteria, after);
    const found = await em.execute<{ id: string }[]>(
      `select id from practitioner where ${where.join(' and ')} order by sort_name, id limit ?`,
      [...values, limit + 1],
    );
    const ids = found.map(({ id }) => id);
    const rows = await em.find(PractitionerSchema, { id: { $in: ids } }, { orderBy: { sortName: 'asc', id: 'asc' } });
    return rows.map(toPractitioner);
  }

  async inTransaction<T>(work: (tx: PractitionerTransaction) => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries += 1) {
      try {
        const result = await this.orm.em
          .fork()
          .transactional((tx) => work(new PostgresPractitionerTransaction(tx, this.events)));
        this.events.committed();
        return result;
      } catch (error) {
        // Somebody stored the same RPPS number in the same moment: a further try finds it and can say so.
        if (tries === 3 || !['23505', '40P01'].includes(sqlState(error) ?? '')) throw error;
      }
    }
  }
}

function conditionsOf(
  { words = [], specialityWords = [], rpps, active }: PractitionerCriteria,
  after?: AfterPractitioner,
) {
  const where = ['true'];
  const values: unknown[] = [];
  const add = (condition: string, ...its: unknown[]) => {
    where.push(condition);
    values.push(...its);
  };
  // Folded words have letters and digits only, so nothing in them is a wildcard.
  for (const ways of words) {
    add(`(${ways.map(() => 'search_text like ?').join(' or ')})`, ...ways.map((way) => `% ${way}%`));
  }
  for (const word of specialityWords) add('speciality_text like ?', `% ${word}%`);
  if (rpps !== undefined) add('rpps = ?', rpps);
  if (active !== undefined) add('active = ?', active);
  if (after) add('(sort_name, id) > (?, ?::uuid)', ...after);
  return { where, values };
}
