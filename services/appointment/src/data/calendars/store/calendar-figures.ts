import type { Clock } from '@cabinet/kit/clock';
import { Gauge, type Metrics } from '@cabinet/kit/observe/metrics';
import type { Orm } from '@cabinet/postgres/orm';
import { askedOnce } from '@cabinet/service/observe/asked-once';
import {
  type CalendarKind,
  calendarKinds,
  calendarStates,
  type Freshness,
  stateOf,
} from '../../../domain/calendars/calendar.js';
import { type ReadRow, toRead } from './calendar-rows.js';

interface StateRow extends ReadRow {
  kind: CalendarKind;
}

/** Counts the calendars by how well they are known, whenever metrics are asked for. */
export function observeCalendars(metrics: Metrics, orm: Orm, clock: Clock, freshness: Freshness): void {
  const rows = askedOnce(() =>
    orm.em
      .fork()
      .execute<StateRow[]>('select kind, synced_at, known_until, failure, failing_since, readers_ended from calendar'),
  );
  new Gauge({
    name: 'calendars',
    help: 'Calendars that practitioners keep elsewhere, by kind and by how well they are known',
    labelNames: ['kind', 'state'],
    registers: [metrics.registry],
    async collect() {
      const answer = await rows();
      this.reset();
      if (!answer) return;
      for (const kind of calendarKinds) for (const state of calendarStates) this.set({ kind, state }, 0);
      const now = clock.now();
      for (const row of answer.values) this.inc({ kind: row.kind, state: stateOf(toRead(row), now, freshness).state });
    },
  });
}
