import { noteStored } from '@cabinet/postgres/idempotency';
import type { EntityManager, Orm } from '@cabinet/postgres/orm';
import type { AfterUnusual, UnusualAccesses } from '../domain/ports.js';
import type { AccessLine, AccessVerdict, Reviewer, UnusualAccess } from '../domain/unusual-access.js';

export class PostgresUnusualAccesses implements UnusualAccesses {
  constructor(private readonly orm: Orm) {}

  async unreviewed(limit: number, after: AfterUnusual | undefined, reviewer: Reviewer): Promise<UnusualAccess[]> {
    const [behind, values] = after ? ['and (due_at, id) > (?, ?::uuid)', [new Date(after[0]), after[1]]] : ['', []];
    return select(
      this.orm.em.fork(),
      `is_sampled and verdict is null and not ${isTheirs} ${behind} order by due_at, id limit ?`,
      [...their(reviewer), ...values, limit],
    );
  }

  async patientsKeptFrom(reviewer: Reviewer): Promise<string[]> {
    const rows = await this.orm.em.fork().execute<{ id: string }[]>(
      `select id from patient p where coalesce(p.merged_into, p.id) in
         (select ${currentPatientId} from unusual_access u where patient_id is not null and ${isTheirs})`,
      their(reviewer),
    );
    return rows.map(({ id }) => id);
  }

  async change(id: string, change: (access: UnusualAccess | undefined) => UnusualAccess): Promise<UnusualAccess> {
    return this.orm.em.fork().transactional(async (tx) => {
      const [before] = await select(tx, 'u.id = ? for update of u', [id]);
      const after = change(before);
      if (after !== before) {
        await save(tx, [after]);
        await noteStored(tx);
      }
      return after;
    });
  }
}

/** Of the one that the patient has turned out to be since. */
export const currentPatientId = '(select coalesce(p.merged_into, p.id) from patient p where p.id = u.patient_id)';

/** What somebody saw themselves, or what was seen of them or of whose guardian they are: as the rule of the domain. */
const isTheirs = `coalesce(actor = ? or practitioner_id = ?::uuid or own_patient_id = ?::uuid
  or ${currentPatientId} = any(?::uuid[]), false)`;

const their = ({ id, practitionerId, patientId, wards }: Reviewer) => [
  id,
  ...[practitionerId, patientId].map((each) => each ?? null),
  `{${[...wards, ...(patientId ? [patientId] : [])].join(',')}}`,
];

interface UnusualRow {
  id: string;
  version: number;
  actor: string;
  practitioner_id: string | null;
  own_patient_id: string | null;
  patient_id: string | null;
  day: string;
  reasons: UnusualAccess['reasons'];
  is_sampled: boolean;
  patients: number | null;
  usual: number | null;
  lines: (Omit<AccessLine, 'at'> & { at: string })[];
  first_at: Date;
  last_at: Date;
  due_at: Date;
  verdict: (Omit<AccessVerdict, 'at'> & { at: string }) | null;
}

/** @param which a condition, and what follows it */
export async function select(em: EntityManager, which: string, values: unknown[]): Promise<UnusualAccess[]> {
  const rows = await em.execute<UnusualRow[]>(
    `select u.id, version, actor, practitioner_id, own_patient_id, ${currentPatientId} as patient_id, day::text, reasons, is_sampled,
       patients, usual, lines, first_at, last_at, due_at, verdict
     from unusual_access u where ${which}`,
    values,
  );
  return rows.map(toUnusualAccess);
}

const toUnusualAccess = (row: UnusualRow): UnusualAccess => ({
  id: row.id,
  version: row.version,
  actor: row.actor,
  practitionerId: row.practitioner_id ?? undefined,
  ownPatientId: row.own_patient_id ?? undefined,
  patientId: row.patient_id ?? undefined,
  day: row.day,
  reasons: row.reasons,
  isSampled: row.is_sampled,
  patients: row.patients ?? undefined,
  usual: row.usual ?? undefined,
  lines: row.lines.map((line) => ({ ...line, at: new Date(line.at) })),
  firstAt: new Date(row.first_at),
  lastAt: new Date(row.last_at),
  dueAt: new Date(row.due_at),
  verdict: row.verdict ? { ...row.verdict, at: new Date(row.verdict.at) } : undefined,
});

/** A verdict that is there stays, whoever saves. */
export const save = (tx: EntityManager, accesses: UnusualAccess[]): Promise<unknown> =>
  tx.execute(
    `insert into unusual_access (id, version, actor, practitioner_id, own_patient_id, patient_id, day, reasons, is_sampled, patients,
       usual, lines, first_at, last_at, due_at, verdict)
     select id, version, actor, "practitionerId", "ownPatientId", "patientId", day, reasons, "isSampled", patients,
       usual, lines, "firstAt", "lastAt", "dueAt", verdict
     from jsonb_to_recordset(?::jsonb) as row (id uuid, version int, actor text, "practitionerId" uuid, "ownPatientId" uuid,
       "patientId" uuid, day date, reasons jsonb, "isSampled" boolean, patients int, usual int, lines jsonb,
       "firstAt" timestamptz, "lastAt" timestamptz, "dueAt" timestamptz, verdict jsonb)
     on conflict (id) do update set version = excluded.version, reasons = excluded.reasons, is_sampled = excluded.is_sampled, patients = excluded.patients,
       usual = excluded.usual, lines = excluded.lines, first_at = excluded.first_at, last_at = excluded.last_at,
       verdict = coalesce(unusual_access.verdict, excluded.verdict)`,
    [JSON.stringify(accesses)],
  );

/**
 * What a reviewer said of an access to a patient who is erased may tell of them; that it was found and judged stays.
 * @returns how many there are
 */
export async function forgetWords(tx: EntityManager, patientId: string): Promise<number> {
  await tx.execute(
    `update unusual_access set verdict = jsonb_set(verdict, '{words}', '""') where patient_id = ? and verdict is not null`,
    [patientId],
  );
  const [row] = await tx.execute<{ count: string }[]>('select count(*) from unusual_access where patient_id = ?', [
    patientId,
  ]);
  return Number(row?.count);
}
