import type { Orm } from '@cabinet/postgres/orm';
import type { AgeDue, Day } from '../domain/ages.js';
import type { AgeWatch, Happening } from '../domain/ports.js';
import type { PatientEvents } from './postgres-patient-transaction.js';

export class PostgresAgeWatch implements AgeWatch {
  constructor(
    private readonly orm: Orm,
    private readonly events: PatientEvents,
  ) {}

  async tell(today: Day, due: (since: Day) => Promise<AgeDue[]>): Promise<void> {
    const told = await this.orm.em.fork().transactional(async (tx) => {
      // Its row keeps another process waiting, which then finds what was told.
      const [watch] = await tx.execute<{ since: Day }[]>(
        `insert into age_watch (id, since) values (1, ?)
         on conflict (id) do update set since = age_watch.since returning since::text`,
        [today],
      );
      const all = await due(watch?.since ?? today);
      const fresh = await tx.execute<ReturnType<typeof toRow>[]>(
        `insert into age_told (patient_id, age, day, kind)
         select "patientId", age, day, kind
         from jsonb_to_recordset(?::jsonb) as due ("patientId" uuid, age integer, day date, kind text)
         on conflict do nothing returning patient_id as "patientId", age, day::text, kind`,
        [JSON.stringify(all.map(toRow))],
      );
      const keys = new Set(fresh.map(keyOf));
      const happened = all.filter((each) => keys.has(keyOf(toRow(each))));
      await this.events.enqueueAll(
        tx,
        happened.map(({ person, kind, age, sections }): [AgeDue['person'], Happening] => [
          person,
          { kind, age, sections },
        ]),
      );
      // A process whose clock is late must not have it told again.
      await tx.execute('update age_watch set since = greatest(since, ?::date)', [today]);
      await tx.execute('delete from age_told where day < (select since from age_watch)');
      return happened.length > 0;
    });
    if (told) this.events.committed();
  }
}

const toRow = ({ person, age, day, kind }: AgeDue) => ({ patientId: person.id, age, day, kind });

const keyOf = ({ patientId, age, day, kind }: ReturnType<typeof toRow>): string =>
  [patientId, age, day, kind].join(' ');
