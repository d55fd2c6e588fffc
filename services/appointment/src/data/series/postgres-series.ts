import type { Orm } from '@cabinet/postgres/orm';
import type { Appointment } from '../../domain/booking/appointment.js';
import type { Overlap } from '../../domain/booking/ports.js';
import type { AllSeries } from '../../domain/series/ports.js';
import type { Series } from '../../domain/series/series.js';
import type { AppointmentCommits } from '../booking/appointment-commits.js';
import type { AppointmentEvents } from '../booking/appointment-events.js';
import { NotAllStored, orOverlap, storeWithin, toStoredRow } from '../booking/store-and-tell.js';
import { arrayOf } from '../fragments.js';

export class PostgresSeries implements AllSeries {
  constructor(
    private readonly orm: Orm,
    private readonly events: AppointmentEvents,
    private readonly commits: AppointmentCommits,
  ) {}

  add(series: Series, appointments: Appointment[]): Promise<'stored' | Overlap> {
    const rows = appointments.map((appointment) => toStoredRow(appointment, this.events));
    return orOverlap(async () => {
      await this.orm.em.fork().transactional(async (tx) => {
        await tx.execute(
          `insert into series (id, rule, starts_at, zone, except_dates, created_at, created_by)
           values (?, ?, ?, ?, ?::date[], ?, ?)`,
          [
            series.id,
            series.rule,
            series.startsAt,
            series.zone,
            arrayOf(series.exceptDates),
            series.createdAt,
            series.createdBy,
          ],
        );
        const stored = await storeWithin(tx, rows);
        if (stored.length < rows.length) throw new NotAllStored();
      });
      this.commits.committed();
    });
  }

  async find(id: string): Promise<Series | undefined> {
    const [row] = await this.orm.em.fork().execute<(Omit<Series, 'createdAt'> & { createdAt: string })[]>(
      `select id, rule, starts_at as "startsAt", zone, array_to_json(except_dates) as "exceptDates",
         created_at as "createdAt", created_by as "createdBy"
       from series where id = ?`,
      [id],
    );
    return row && { ...row, createdAt: new Date(row.createdAt) };
  }
}
