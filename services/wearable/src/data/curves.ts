import type { EntityManager } from '@cabinet/postgres/orm';
import type { CurveQuestion, RawPoint, ReadingSummary, SummedPoint } from '../domain/ports.js';
import { certainties, fromBits } from '../domain/reading.js';
import { isTrusted } from './reading-rows.js';

interface PointRow {
  id: string;
  effective_at: Date | string;
  received_at: Date | string;
  value: number | string;
  seconds: number | null;
  offset_minutes: number;
  version: number;
  flags: number;
  certainty: number;
  identity: string;
  device_id: string | null;
  name: string;
}

const pointColumns = `r.id, r.effective_at, r.received_at, r.value, r.seconds, r.offset_minutes, r.version, r.flags, r.certainty,
  r.identity, o.device_id, o.name`;

const toPoint = (row: PointRow): RawPoint => ({
  id: row.id,
  at: new Date(row.effective_at),
  offset: row.offset_minutes,
  value: Number(row.value),
  seconds: row.seconds ?? undefined,
  receivedAt: new Date(row.received_at),
  version: row.version,
  certainty: certainties[row.certainty] ?? 'doubtful',
  flags: fromBits(row.flags),
  deviceId: row.device_id ?? undefined,
  origin: row.name,
});

export async function rawPoints(em: EntityManager, question: CurveQuestion, limit: number): Promise<RawPoint[]> {
  const { patientId, code, from, to } = question;
  const rows = await em.execute<PointRow[]>(
    `select ${pointColumns} from reading r join origin o on o.id = r.origin_id
     where r.track_id = (select id from track where patient_id = ? and code = ?) and r.effective_at >= ? and r.effective_at < ?
     order by r.effective_at, r.identity limit ?`,
    [patientId, code, from, to, limit + 1],
  );
  return rows.map(toPoint);
}

/**
 * Of several origins a level is the mean of all their readings, and an amount what the one has that counted most: two that counted
 * the same steps counted them once. A year by days is read from the sums of its hours, not from the readings.
 */
export async function summedPoints(
  em: EntityManager,
  { patientId, code, from, to, by, zone }: CurveQuestion & { by: 'hour' | 'day'; zone: string },
): Promise<SummedPoint[]> {
  // Where midnight is not at a full hour of UTC, the hours do not make up the days.
  const isWhole = by === 'hour' || [from, to].every((at) => isWholeHours(zone, at));
  const bucket = (time: string) => (by === 'hour' ? time : `date_trunc('day', ${time}, ?)`);
  const values = [...(by === 'day' ? [zone] : []), patientId, code, from, to];
  const ofTrack = '(select id from track where patient_id = ? and code = ?)';
  const parts = isWhole
    ? `select ${bucket('hour')} as at, origin_id, sum(count) as count, min(low) as low, max(high) as high, sum(total) as total
       from reading_hour where track_id = ${ofTrack} and hour >= date_trunc('hour', ?::timestamptz) and hour < ? group by 1, 2`
    : `select ${bucket('effective_at')} as at, origin_id, count(*) as count, min(value) as low, max(value) as high,
         sum(value) as total
       from reading r where track_id = ${ofTrack} and effective_at >= ? and effective_at < ?
         and ${isTrusted} group by 1, 2`;
  const rows = await em.execute<Record<'count' | 'low' | 'high' | 'mean' | 'total' | 'at', string>[]>(
    `select at, sum(count) as count, min(low) as low, max(high) as high, sum(total) / sum(count) as mean, max(total) as total
     from (${parts}) as part group by at order by at`,
    values,
  );
  return rows.map(({ at, count, low, high, mean, total }) => ({
    at: new Date(at),
    count: Number(count),
    low: Number(low),
    high: Number(high),
    mean: Number(mean),
    total: Number(total),
  }));
}

function isWholeHours(zone: string, at: Date): boolean {
  const { timeZoneName = '' } = Object.fromEntries(
    new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' })
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  );
  return !/:(?!00)/.test(timeZoneName);
}

export async function summaryOf(em: EntityManager, patientId: string): Promise<ReadingSummary[]> {
  const end = (order: 'asc' | 'desc') =>
    `lateral (select effective_at, value from reading where track_id = t.id order by effective_at ${order} limit 1)`;
  const rows = await em.execute<{ code: string; first: string; last: string; last_value: string }[]>(
    `select t.code, f.effective_at as first, l.effective_at as last, l.value as last_value
     from track t, ${end('asc')} f, ${end('desc')} l where t.patient_id = ? order by t.code`,
    [patientId],
  );
  return rows.map(({ code, first, last, last_value }) => ({
    code,
    first: new Date(first),
    last: new Date(last),
    lastValue: Number(last_value),
  }));
}

const atOnce = 5_000;

/** All of a patient, a part at a time. */
export async function* allOf(
  em: EntityManager,
  patientId: string,
  table: 'reading' | 'reading_earlier',
): AsyncGenerator<{ code: string; points: RawPoint[] }> {
  const tracks = await em.execute<{ id: number; code: string }[]>(
    'select id, code from track where patient_id = ? order by code',
    [patientId],
  );
  for (const { id, code } of tracks) {
    for (let after: [Date | string, string] | undefined, isMore = true; isMore; ) {
      const rows: PointRow[] = await em.execute<PointRow[]>(
        `select ${pointColumns} from ${table} r join origin o on o.id = r.origin_id where r.track_id = ?
         ${after ? 'and (r.effective_at, r.id) > (?, ?)' : ''} order by r.effective_at, r.id limit ?`,
        [id, ...(after ?? []), atOnce],
      );
      const last = rows.at(-1);
      if (last) {
        after = [last.effective_at, last.id];
        yield { code, points: rows.map(toPoint) };
      }
      isMore = rows.length === atOnce;
    }
  }
}
