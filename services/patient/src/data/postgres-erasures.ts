import type { EntityManager, Orm } from '@cabinet/postgres/orm';
import type { Erasure, KeptReceipt } from '../domain/erasure.js';
import type { LegalHold } from '../domain/legal-hold.js';
import type { AfterErasure, Erasures } from '../domain/ports.js';

export class PostgresErasures implements Erasures {
  constructor(private readonly orm: Orm) {}

  async find(patientId: string): Promise<Erasure | undefined> {
    const of = 'erased_with = (select erased_with from erasure where patient_id = ?)';
    return (await select(this.orm.em.fork(), of, [patientId]))[0];
  }

  async unfinished(limit: number, after?: AfterErasure): Promise<Erasure[]> {
    const em = this.orm.em.fork();
    const [behind, values] = after
      ? [' and (erased_at, erased_with) > (?, ?)', [new Date(after[0]), after[1]]]
      : ['', []];
    const found = await em.execute<{ id: string }[]>(
      `select erased_with as id from erasure where done_at is null${behind}
       group by erased_at, erased_with order by erased_at, erased_with limit ?`,
      [...values, limit + 1],
    );
    return select(em, 'erased_with = any(?::uuid[])', [`{${found.map(({ id }) => id).join(',')}}`]);
  }

  async holdOf(patientId: string, now: Date): Promise<LegalHold | undefined> {
    const em = this.orm.em.fork();
    const merged = await em.execute<{ id: string }[]>('select id from patient where merged_into = ?', [patientId]);
    return holdOf(em, [patientId, ...merged.map(({ id }) => id)], now);
  }
}

interface ErasureRow {
  patient_id: string;
  erased_with: string;
  erased_at: Date;
  erased_by: string;
  keepers: string[];
  receipts: { service: string; patientId: string; what: KeptReceipt['what']; receivedAt: string }[];
}

/** Those that fit, the oldest first, each with all registrations that were erased with it. */
async function select(em: EntityManager, where: string, values: unknown[]): Promise<Erasure[]> {
  const rows = await em.execute<ErasureRow[]>(
    `select erasure.*, (
       select coalesce(jsonb_agg(jsonb_build_object(
         'service', service, 'patientId', r.patient_id, 'what', what, 'receivedAt', received_at) order by service), '[]')
       from erasure_receipt r where r.patient_id = erasure.patient_id
     ) as receipts
     from erasure where ${where} order by erased_at, erased_with, patient_id`,
    values,
  );
  return [...Map.groupBy(rows, (row) => row.erased_with)].map(([patientId, its]) => toErasure(patientId, its));
}

const toErasure = (patientId: string, rows: ErasureRow[]): Erasure => {
  const { erased_at, erased_by, keepers } = rows.find((row) => row.patient_id === patientId) as ErasureRow;
  const receipts = rows.flatMap((row) =>
    row.receipts.map((each) => ({ ...each, receivedAt: new Date(each.receivedAt) })),
  );
  const patientIds = rows.map((row) => row.patient_id);
  return { patientId, patientIds, erasedAt: new Date(erased_at), erasedBy: erased_by, keepers, receipts };
};

export async function noteErasure(tx: EntityManager, erasure: Erasure): Promise<void> {
  const { patientId, patientIds, erasedAt, erasedBy, keepers, receipts } = erasure;
  await tx.execute(
    `insert into erasure (patient_id, erased_with, erased_at, erased_by, keepers)
     select id::uuid, ?, ?, ?, ?::jsonb from jsonb_array_elements_text(?::jsonb) as id`,
    [patientId, erasedAt, erasedBy, JSON.stringify(keepers), JSON.stringify(patientIds)],
  );
  for (const receipt of receipts) await keepReceipt(tx, receipt);
}

/**
 * Of a service the first counts, and of one that kept something until a day the one after. An erasure is done with the last that it
 * waits for.
 */
export async function keepReceipt(tx: EntityManager, receipt: KeptReceipt): Promise<void> {
  const { patientId, service, what, receivedAt } = receipt;
  // One after the other: of two that come at once, the second knows of the first.
  await tx.execute('select from erasure where patient_id = ? for update', [patientId]);
  await tx.execute(
    `insert into erasure_receipt (patient_id, service, what, received_at) values (?, ?, ?::jsonb, ?)
     on conflict (patient_id, service) do update set what = excluded.what, received_at = excluded.received_at
       where jsonb_path_exists(erasure_receipt.what, '$[*].until')`,
    [patientId, service, JSON.stringify(what), receivedAt],
  );
  await tx.execute(
    `update erasure set done_at = ? where patient_id = ? and done_at is null
       and keepers <@ (select jsonb_agg(service) from erasure_receipt r where r.patient_id = erasure.patient_id)`,
    [receivedAt, patientId],
  );
}

/** The one that lasts longest of those that stand. */
export async function holdOf(em: EntityManager, patientIds: string[], now: Date): Promise<LegalHold | undefined> {
  const [hold] = await em.execute<LegalHold[]>(
    `select patient_id as "patientId", reason, until, set_at as "setAt", set_by as "setBy"
     from legal_hold where patient_id = any(?::uuid[]) and until > ? order by until desc limit 1`,
    [`{${patientIds.join(',')}}`, now],
  );
  return hold && { ...hold, until: new Date(hold.until), setAt: new Date(hold.setAt) };
}

export async function saveHold(
  tx: EntityManager,
  { patientId, reason, until, setAt, setBy }: LegalHold,
): Promise<void> {
  await tx.execute(
    `insert into legal_hold (patient_id, reason, until, set_at, set_by) values (?, ?, ?, ?, ?)
     on conflict (patient_id) do update
       set reason = excluded.reason, until = excluded.until, set_at = excluded.set_at, set_by = excluded.set_by`,
    [patientId, reason, until, setAt, setBy],
  );
}

/** @returns false when there was none */
export async function endHolds(tx: EntityManager, patientIds: string[]): Promise<boolean> {
  const ended = await tx.execute<unknown[]>(
    'delete from legal_hold where patient_id = any(?::uuid[]) returning patient_id',
    [`{${patientIds.join(',')}}`],
  );
  return ended.length > 0;
}
