import { currentPatientId } from '@cabinet/postgres/gone-patients';
import type { EntityManager, Orm } from '@cabinet/postgres/orm';
import { PatientErased } from '../domain/errors.js';
import type { CurveQuestion, RawPoint, ReadingSummary, Readings, SummedPoint, Taken } from '../domain/ports.js';
import type { Reading } from '../domain/reading.js';
import { allOf, rawPoints, summaryOf, summedPoints } from './curves.js';
import { type HistoryEvents, type ReadingEvents, waitForPatientChanges } from './patient-changes.js';
import {
  isTrusted,
  type Merged,
  mergeReadings,
  type Placed,
  readingColumns,
  readingTypes,
  type Standing,
} from './reading-rows.js';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** So long `readings` keeps what is told on it: what is older is told as history. */
const toldDays = 30;

/** The readings of one patient are stored one batch at a time. */
const onePatient = 7_410_011;

export class PostgresReadings implements Readings {
  constructor(
    private readonly orm: Orm,
    private readonly events: ReadingEvents,
    private readonly history: HistoryEvents,
  ) {}

  async store(asked: string, readings: readonly Reading[], receivedAt: Date): Promise<Taken[]> {
    if (readings.length === 0) return [];
    const taken = await this.orm.em.fork().transactional(async (tx) => {
      await waitForPatientChanges(tx);
      const patientId = await currentPatientId(tx, asked);
      if (!patientId) throw new PatientErased();
      await tx.execute('select pg_advisory_xact_lock(?, hashtext(?))', [onePatient, patientId]);
      const placed = await placeAll(tx, patientId, readings);
      const there = await standingOf(tx, placed);
      const merged = mergeReadings(placed, there, receivedAt);
      if (merged.rows.length > 0) {
        await storeRows(tx, merged);
        await sumHours(tx, merged);
        await this.tell(tx, patientId, merged, receivedAt);
      }
      return merged.taken;
    });
    this.events.committed();
    return taken;
  }

  raw(question: CurveQuestion, limit: number): Promise<RawPoint[]> {
    return rawPoints(this.orm.em.fork(), question, limit);
  }

  summed(question: CurveQuestion & { by: 'hour' | 'day'; zone: string }): Promise<SummedPoint[]> {
    return summedPoints(this.orm.em.fork(), question);
  }

  summary(patientId: string): Promise<ReadingSummary[]> {
    return summaryOf(this.orm.em.fork(), patientId);
  }

  all(patientId: string, as: 'present' | 'corrected'): AsyncIterable<{ code: string; points: RawPoint[] }> {
    return allOf(this.orm.em.fork(), patientId, as === 'present' ? 'reading' : 'reading_earlier');
  }

  async untold(): Promise<number> {
    // Those between are there, but for what is told past somebody who has much to tell: counting them would take as long as storing.
    const [row] = await this.orm.em
      .fork()
      .execute<{ count: string }[]>('select coalesce(max(position) - min(position) + 1, 0) as count from outbox');
    return Number(row?.count);
  }

  private async tell(tx: EntityManager, patientId: string, { told }: Merged, receivedAt: Date): Promise<void> {
    const since = receivedAt.getTime() - toldDays * dayMs;
    const fresh = told.filter(({ reading }) => reading.effectiveAt.ms >= since);
    await this.events.enqueueAll(
      tx,
      fresh.map((each) => [{ ...each, patientId, receivedAt }]),
    );
    const old = told.filter(({ reading }) => reading.effectiveAt.ms < since).map(({ reading }) => reading);
    await this.history.enqueueAll(
      tx,
      [...Map.groupBy(old, ({ code }) => code)].map(([code, its]) => {
        const times = its.map(({ effectiveAt }) => effectiveAt.ms);
        const [from, to] = [times.reduce((a, b) => Math.min(a, b)), times.reduce((a, b) => Math.max(a, b))];
        return [{ patientId, code, count: its.length, from: new Date(from), to: new Date(to) }];
      }),
    );
  }
}

/** Finds for each reading its track and its origin, and makes those that there are not yet. */
async function placeAll(tx: EntityManager, patientId: string, readings: readonly Reading[]): Promise<Placed[]> {
  const codes = [...new Set(readings.map(({ code }) => code))];
  // Not by a conflict, which takes a number each time: those of four bytes would come to an end within months.
  const tracks = await tx.execute<{ id: number; code: string }[]>(
    `with there as (select id, code from track where patient_id = ?),
     new as (
       insert into track (patient_id, code) select ?, wanted.code from jsonb_array_elements_text(?::jsonb) as wanted (code)
       where not exists (select from there t where t.code = wanted.code) returning id, code
     ) select id, code from new union all select id, code from there`,
    [patientId, patientId, JSON.stringify(codes)],
  );
  const trackOf = new Map(tracks.map(({ id, code }) => [code, id]));
  const wanted = [
    ...new Map(readings.map(({ deviceId, origin }) => [originKey(deviceId, origin), { deviceId, origin }])),
  ];
  const origins = await tx.execute<{ id: number; device_id: string | null; name: string }[]>(
    `with wanted as (select * from jsonb_to_recordset(?::jsonb) as w (device_id uuid, name text)),
     there as (select id, device_id, name from origin where patient_id = ?),
     new as (
       insert into origin (patient_id, device_id, name) select ?, device_id, name from wanted w
       where not exists (select from there t where t.device_id is not distinct from w.device_id and t.name = w.name)
       returning id, device_id, name
     ) select id, device_id, name from new union all select id, device_id, name from there order by id`,
    [
      JSON.stringify(wanted.map(([, { deviceId, origin }]) => ({ device_id: deviceId, name: origin }))),
      patientId,
      patientId,
    ],
  );
  const originOf = new Map(origins.map(({ id, device_id, name }) => [originKey(device_id ?? undefined, name), id]));
  return readings.map((reading) => ({
    reading,
    trackId: trackOf.get(reading.code) as number,
    originId: originOf.get(originKey(reading.deviceId, reading.origin)) as number,
  }));
}

const originKey = (deviceId: string | undefined, name: string): string => `${deviceId ?? ''} ${name}`;

async function standingOf(tx: EntityManager, placed: readonly Placed[]): Promise<Standing[]> {
  const asked = JSON.stringify(
    placed.map(({ trackId, reading }) => ({ track_id: trackId, identity: reading.identity })),
  );
  const tracks = idsOf(placed.map(({ trackId }) => trackId));
  const of = (table: string, isEarlier: boolean) =>
    `select r.track_id, r.identity, r.id, r.content_hash::text as content_hash, r.version, r.origin_id,
       extract(epoch from r.effective_at)::float8 as seconds, ${isEarlier} as is_earlier
     from asked join ${table} r using (track_id, identity) where r.track_id = any(?::integer[])`;
  const rows = await tx.execute<(Omit<Standing, 'hour'> & { seconds: string })[]>(
    `with asked as (select distinct * from jsonb_to_recordset(?::jsonb) as a (track_id integer, identity uuid))
     ${of('reading', false)} union all ${of('reading_earlier', true)}`,
    [asked, tracks, tracks],
  );
  return rows.map(({ seconds, ...row }) => ({ ...row, hour: hourOf(Number(seconds) * 1_000) }));
}

/** Said beside a join, so that the database looks into the parts alone in which they lie. */
const idsOf = (ids: readonly number[]): string => `{${[...new Set(ids)].join(',')}}`;

const hourOf = (ms: number): number => Math.floor(ms / hourMs) * hourMs;

async function storeRows(tx: EntityManager, { rows, superseded, corrected }: Merged): Promise<void> {
  if (corrected.length > 0) {
    await tx.execute(
      `insert into reading_earlier (${readingColumns}) select ${readingColumns}
       from jsonb_to_recordset(?::jsonb) as c (track_id integer, identity uuid) join reading using (track_id, identity)`,
      [JSON.stringify(corrected.map(({ track_id, identity }) => ({ track_id, identity })))],
    );
  }
  const given = (into: string) =>
    `insert into ${into} (${readingColumns}) select ${readingColumns} from jsonb_to_recordset(?::jsonb) as row (${readingTypes})`;
  if (superseded.length > 0) await tx.execute(given('reading_earlier'), [JSON.stringify(superseded)]);
  const columns = readingColumns.split(', ').filter((column) => column !== 'track_id' && column !== 'identity');
  await tx.execute(
    `${given('reading')} on conflict (track_id, identity) do update set
       ${columns.map((column) => `${column} = excluded.${column}`).join(', ')}`,
    [JSON.stringify(rows)],
  );
}

/** Each hour in which something changed is summed anew, so that no correction and no order can make it wrong. */
async function sumHours(tx: EntityManager, { rows, corrected }: Merged): Promise<void> {
  const touched = new Map<string, object>();
  const touch = (track_id: number, origin_id: number, ms: number) => {
    const hour = new Date(hourOf(ms)).toISOString();
    touched.set(`${track_id} ${origin_id} ${hour}`, { track_id, origin_id, hour });
  };
  for (const row of rows) touch(row.track_id, row.origin_id, Date.parse(row.effective_at));
  for (const { track_id, origin_id, hour } of corrected) touch(track_id, origin_id, hour);
  const hours = JSON.stringify([...touched.values()]);
  const from = 'jsonb_to_recordset(?::jsonb) as t (track_id integer, origin_id integer, hour timestamptz)';
  await tx.execute(
    `delete from reading_hour h using ${from}
     where h.track_id = t.track_id and h.hour = t.hour and h.origin_id = t.origin_id`,
    [hours],
  );
  await tx.execute(
    `insert into reading_hour (track_id, origin_id, hour, count, low, high, total)
     select t.track_id, t.origin_id, t.hour, count(*), min(value), max(value), sum(value)
     from ${from} join reading r on r.track_id = t.track_id and r.origin_id = t.origin_id
       and r.track_id = any(?::integer[]) and r.effective_at >= t.hour and r.effective_at < t.hour + interval '1 hour' and ${isTrusted}
     group by t.track_id, t.origin_id, t.hour`,
    [hours, idsOf([...rows, ...corrected].map(({ track_id }) => track_id))],
  );
}
