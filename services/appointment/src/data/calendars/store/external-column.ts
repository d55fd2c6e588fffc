import type { StalePolicy } from '../../../domain/availability/external-time.js';
import { type Freshness, knownUntil } from '../../../domain/calendars/calendar.js';
import { type Interval, Occupied } from '../../../domain/time/intervals.js';
import type { ExternalColumn } from '../../availability/postgres-agendas.js';
import { ms } from '../../fragments.js';
import { type ReadRow, toRead } from './calendar-rows.js';

interface LookRow extends ReadRow {
  policy: StalePolicy;
  busy: Interval[];
}

/** What the calendars elsewhere say of a practitioner's time, and until when each is known to say it. */
export const externalColumn = (freshness: Freshness): ExternalColumn<LookRow> => ({
  sql: `
    select json_agg(json_build_object('policy', policy, 'synced_at', synced_at, 'known_until', known_until,
      'failure', failure, 'failing_since', failing_since, 'readers_ended', readers_ended, 'busy',
      array(select json_build_object('start', ${ms('lower(during)')}, 'end', ${ms('upper(during)')})
        from calendar_busy where calendar_id = calendar.id and during && tstzrange("from", until))))
    from calendar where practitioner_id = asked.id`,
  toExternal: (calendars, now) => ({
    busy: new Occupied(calendars.flatMap(({ busy }) => busy)),
    calendars: calendars.map((row) => ({ policy: row.policy, knownUntil: knownUntil(toRead(row), now, freshness) })),
  }),
});
