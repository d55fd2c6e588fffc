import type { EntityManager, Orm } from '@cabinet/postgres/orm';
import type { KnownPatient } from '../domain/colleagues.js';
import type { AccessWatch, AccessWatchTransaction } from '../domain/ports.js';
import type { UnusualAccess } from '../domain/unusual-access.js';
import type { Busyness } from '../domain/unusual-rules.js';
import { save, select } from './postgres-unusual-accesses.js';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const usualDays = 28;
/** As long as people see who has seen them. */
const keptDays = 3 * 366;

export class PostgresAccessWatch implements AccessWatch {
  constructor(private readonly orm: Orm) {}

  async take(
    { service, after, until, at }: Parameters<AccessWatch['take']>[0],
    work: (tx: AccessWatchTransaction) => Promise<void>,
  ): Promise<number> {
    return this.orm.em.fork().transactional(async (em) => {
      // Its row keeps another process waiting, which then finds how far it has got.
      const [watch] = await em.execute<{ until: string; began: boolean }[]>(
        `insert into access_watch (service, until, heard_at) values (?, ?, ?)
         on conflict (service) do update set heard_at = excluded.heard_at returning until, xmax = 0 as began`,
        [service, until, at],
      );
      const taken = Number(watch?.until);
      if (watch?.began || taken !== after || until <= after) return taken;
      await work(new Watching(em));
      await em.execute('update access_watch set until = ? where service = ?', [until, service]);
      return until;
    });
  }
}

class Watching implements AccessWatchTransaction {
  constructor(private readonly em: EntityManager) {}

  async patients(ids: string[]): Promise<Map<string, KnownPatient>> {
    const rows = await this.em.execute<(KnownPatient & { asked: string })[]>(
      `select asked.id as asked, p.id as "patientId", p.family_name as "familyName", p.birth_name as "birthName", p.address,
         exists (select from security_label l join patient m on m.id = l.patient_id
           where l.code = 'VIP' and coalesce(m.merged_into, m.id) = p.id) as "isOfPublicInterest"
       from patient asked join patient p on p.id = coalesce(asked.merged_into, asked.id)
       where asked.id = any(?::uuid[])`,
      [`{${ids.join(',')}}`],
    );
    return new Map(rows.map(({ asked, ...patient }) => [asked, withoutNulls(patient)]));
  }

  async noteSeen(actor: string, seen: { patientId: string; at: Date }[], until: Date): Promise<Busyness> {
    const before = (ms: number) => new Date(until.getTime() - ms);
    const hour = new Date(Math.floor(until.getTime() / hourMs) * hourMs);
    await this.em.execute(
      `insert into patient_seen (actor, at, patient_id)
       select ?, at, "patientId" from jsonb_to_recordset(?::jsonb) as row (at timestamptz, "patientId" uuid)
       on conflict do nothing`,
      [actor, JSON.stringify(seen)],
    );
    await this.em.execute('delete from patient_seen where actor = ? and at <= ?', [actor, before(2 * hourMs)]);
    const [counted] = await this.em.execute<{ patients: string }[]>(
      'select count(distinct patient_id) as patients from patient_seen where actor = ? and at > ? and at <= ?',
      [actor, before(hourMs), until],
    );
    const patients = Number(counted?.patients);
    const [usually] = await this.em.execute<{ usual: number | null; hours: string }[]>(
      `select percentile_disc(0.5) within group (order by patients) as usual, count(*) as hours
       from patients_in_hour where actor = ? and hour < ? and hour >= ?`,
      [actor, hour, before(usualDays * dayMs)],
    );
    await this.em.execute(
      `insert into patients_in_hour (actor, hour, patients) values (?, ?, ?)
       on conflict (actor, hour) do update set patients = greatest(patients_in_hour.patients, excluded.patients)`,
      [actor, hour, patients],
    );
    await this.em.execute('delete from patients_in_hour where actor = ? and hour < ?', [
      actor,
      before(2 * usualDays * dayMs),
    ]);
    await this.em.execute('delete from unusual_access where actor = ? and day < ?', [actor, before(keptDays * dayMs)]);
    return { patients, usual: usually?.usual ?? 0, hours: Number(usually?.hours ?? 0) };
  }

  unusualOf(actor: string, patientId: string | undefined, day: string): Promise<UnusualAccess[]> {
    return select(this.em, 'actor = ? and patient_id is not distinct from ?::uuid and day = ?::date', [
      actor,
      patientId ?? null,
      day,
    ]);
  }

  save(access: UnusualAccess): Promise<void> {
    return save(this.em, access);
  }
}

const withoutNulls = ({ birthName, address, ...rest }: KnownPatient): KnownPatient => ({
  ...rest,
  birthName: birthName ?? undefined,
  address: address ?? undefined,
});
