import type { EntityManager, Orm } from '@cabinet/postgres/orm';
import type { TakenAccesses } from '@cabinet/service/audit/tell-accesses';
import type { KnownPatient } from '../domain/colleagues.js';
import type { AccessWatch, AccessWatchTransaction } from '../domain/ports.js';
import type { UnusualAccess } from '../domain/unusual-access.js';
import { type Busyness, usualDays } from '../domain/unusual-rules.js';
import { currentPatientId, save, select } from './postgres-unusual-accesses.js';

const hourMs = 3_600_000;
/** Of the advisory locks, the second number of which is made of whom they are about. */
const actorLock = 7_410_007;

export class PostgresAccessWatch implements AccessWatch {
  constructor(private readonly orm: Orm) {}

  async take(
    { service, after, until, hash, isAll = false, at }: Parameters<AccessWatch['take']>[0],
    work: (tx: AccessWatchTransaction) => Promise<void>,
  ): Promise<TakenAccesses> {
    return this.orm.em.fork().transactional(async (em) => {
      // Its row keeps another process waiting, which then finds how far it has got.
      const [watch] = await em.execute<{ until: string; hash: string | null; heardAt: Date; began: boolean }[]>(
        `insert into access_watch (service, until, hash, heard_at) values (?, ?, ?, ?)
         on conflict (service) do update set service = excluded.service
         returning until, hash, heard_at as "heardAt", xmax = 0 as began`,
        [service, until, hash ?? null, at],
      );
      if (!watch) throw new Error('nothing was noted of how far a trail was looked at');
      const taken = { after: Number(watch.until), hash: watch.hash ?? undefined, lookedAt: new Date(watch.heardAt) };
      const isAsking = until === after && !isAll;
      if (watch.began || taken.after !== after || isAsking) return taken;
      if (until > after) await work(new Watching(em));
      // Who only asks has not been heard.
      const lookedAt = isAll ? at : taken.lookedAt;
      await em.execute('update access_watch set until = ?, hash = ?, heard_at = ? where service = ?', [
        ...[until, hash ?? null, lookedAt, service],
      ]);
      return { after: until, hash, lookedAt };
    });
  }

  async colleagues(patientIds: string[], now: Date, since: Date): Promise<string[]> {
    const em = this.orm.em.fork();
    await em.execute(
      `insert into colleague (patient_id, last_at) select id::uuid, ? from unnest(?::text[]) as id
       order by id on conflict (patient_id) do update set last_at = excluded.last_at`,
      [now, `{${[...new Set(patientIds)].join(',')}}`],
    );
    const rows = await em.execute<{ id: string }[]>('select patient_id as id from colleague where last_at >= ?', [
      since,
    ]);
    return rows.map(({ id }) => id);
  }

  async forget({ seen, hours, found, colleagues }: Parameters<AccessWatch['forget']>[0]): Promise<void> {
    const em = this.orm.em.fork();
    await em.execute('delete from patient_seen where at < ?', [seen]);
    await em.execute('delete from patients_in_hour where hour < ?', [hours]);
    await em.execute('delete from unusual_access where day < ?', [found]);
    await em.execute('delete from colleague where last_at < ?', [colleagues]);
  }
}

class Watching implements AccessWatchTransaction {
  constructor(private readonly em: EntityManager) {}

  async lock(actors: string[]): Promise<void> {
    // In one order, or two that are told of the same people could each hold one of them.
    await this.em.execute(
      `select pg_advisory_xact_lock(?, key)
       from (select distinct hashtext(actor) as key from jsonb_array_elements_text(?::jsonb) as actor order by key) as keys`,
      [actorLock, JSON.stringify(actors)],
    );
  }

  async patients(ids: string[]): Promise<Map<string, KnownPatient>> {
    const rows: KnownRow[] = [];
    for (const part of inParts(ids)) rows.push(...(await this.rowsOf(part)));
    return new Map(rows.map(({ asked, ...patient }) => [asked, toKnown(patient)]));
  }

  private rowsOf(ids: string[]): Promise<KnownRow[]> {
    return this.em.execute<KnownRow[]>(
      `select asked.id as asked, p.id as "patientId", p.family_name as "familyName", p.birth_name as "birthName", p.address,
         (select coalesce(jsonb_agg(jsonb_build_object('from', l.set_at, 'until', l.removed_at)), '[]')
           from security_label l join patient m on m.id = l.patient_id
           where l.code = 'VIP' and coalesce(m.merged_into, m.id) = p.id) as marks
       from patient asked join patient p on p.id = coalesce(asked.merged_into, asked.id)
       where asked.id = any(?::uuid[])`,
      [`{${ids.join(',')}}`],
    );
  }

  async noteSeen(actor: string, seen: { patientId: string; at: Date }[], until: Date): Promise<Busyness> {
    const before = (ms: number) => new Date(until.getTime() - ms);
    const hour = new Date(Math.floor(until.getTime() / hourMs) * hourMs);
    for (const part of inParts(seen)) {
      await this.em.execute(
        `insert into patient_seen (actor, at, patient_id)
         select ?, at, "patientId" from jsonb_to_recordset(?::jsonb) as row (at timestamptz, "patientId" uuid)
         on conflict do nothing`,
        [actor, JSON.stringify(part)],
      );
    }
    const [counted] = await this.em.execute<{ patients: string }[]>(
      'select count(distinct patient_id) as patients from patient_seen where actor = ? and at > ? and at <= ?',
      [actor, before(hourMs), until],
    );
    const patients = Number(counted?.patients);
    const [usually] = await this.em.execute<{ usual: number | null; hours: string }[]>(
      `select percentile_disc(0.5) within group (order by patients) as usual, count(*) as hours
       from patients_in_hour where actor = ? and hour < ? and hour >= ?`,
      [actor, hour, before(usualDays * 24 * hourMs)],
    );
    await this.em.execute(
      `insert into patients_in_hour (actor, hour, patients) values (?, ?, ?)
       on conflict (actor, hour) do update set patients = greatest(patients_in_hour.patients, excluded.patients)`,
      [actor, hour, patients],
    );
    return { patients, usual: usually?.usual ?? 0, hours: Number(usually?.hours ?? 0) };
  }

  unusualOf({
    actors,
    patientIds,
    days,
  }: Parameters<AccessWatchTransaction['unusualOf']>[0]): Promise<UnusualAccess[]> {
    return select(
      this.em,
      `actor in (select jsonb_array_elements_text(?::jsonb)) and day = any(?::date[])
         and (patient_id is null or ${currentPatientId} = any(?::uuid[])) order by u.id for update of u`,
      [JSON.stringify(actors), `{${days.join(',')}}`, `{${patientIds.join(',')}}`],
    );
  }

  async save(accesses: UnusualAccess[]): Promise<void> {
    for (const part of inParts(accesses, 25)) await save(this.em, part);
  }
}

/** MikroORM writes values into the text, character by character: of a long one the memory outlives it. */
function* inParts<T>(all: T[], size = 250): Generator<T[]> {
  for (let from = 0; from < all.length; from += size) yield all.slice(from, from + size);
}

type KnownRow = Omit<KnownPatient, 'marks'> & { asked: string; marks: { from: string; until: string | null }[] };

const toKnown = ({ birthName, address, marks, ...rest }: Omit<KnownRow, 'asked'>): KnownPatient => ({
  ...rest,
  birthName: birthName ?? undefined,
  address: address ?? undefined,
  marks: marks.map(({ from, until }) => ({ from: new Date(from), ...(until && { until: new Date(until) }) })),
});
