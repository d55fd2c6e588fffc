import type { EntityManager } from './orm.js';

/**
 * For a migration of each service that keeps ids of patients: those who were merged into others or erased, so that an old id
 * leads on whenever somebody comes with it.
 */
export const goneTable = `
create table patient_gone (
  patient_id uuid primary key,
  -- null: erased
  merged_into uuid
)`;

const pointersMax = 10;

/** The patient that the id leads to now; undefined for one who was erased. */
export async function currentPatientId(em: EntityManager, patientId: string): Promise<string | undefined> {
  let id = patientId;
  for (let hops = 0; hops < pointersMax; hops += 1) {
    const [gone] = await em.execute<{ merged_into: string | null }[]>(
      'select merged_into from patient_gone where patient_id = ?',
      [id],
    );
    if (!gone) return id;
    if (!gone.merged_into) return undefined;
    id = gone.merged_into;
  }
  throw new Error(`The patients merged around ${patientId} point in a circle`);
}

/** The patients that these ids lead to now, by what was asked; whoever was erased is not among them. */
export async function currentPatientIds(
  em: EntityManager,
  patientIds: readonly string[],
): Promise<Map<string, string>> {
  const rows = await em.execute<{ asked: string; id: string; hops: number; is_erased: boolean }[]>(
    `with recursive led as (
       select given.id as asked, given.id, 0 as hops from unnest(?::uuid[]) as given (id)
       union all
       select led.asked, gone.merged_into, led.hops + 1 from led join patient_gone as gone on gone.patient_id = led.id
       where gone.merged_into is not null and led.hops < ${pointersMax})
     select distinct on (led.asked) led.asked, led.id, led.hops, gone.patient_id is not null as is_erased
     from led left join patient_gone as gone on gone.patient_id = led.id order by led.asked, led.hops desc`,
    [`{${[...new Set(patientIds)].join(',')}}`],
  );
  const circle = rows.find(({ hops }) => hops === pointersMax);
  if (circle) throw new Error(`The patients merged around ${circle.asked} point in a circle`);
  const current = new Map(rows.filter(({ is_erased }) => !is_erased).map(({ asked, id }) => [asked, id] as const));
  return new Map(
    patientIds.flatMap((asked) => {
      const id = current.get(asked.toLowerCase());
      return id === undefined ? [] : [[asked, id] as const];
    }),
  );
}

/** The ids that lead to a patient by now. */
export async function earlierIds(em: EntityManager, patientId: string): Promise<string[]> {
  const rows = await em.execute<{ id: string }[]>(
    `with recursive earlier as (
       select patient_id as id from patient_gone where merged_into = ?
       union select patient_id from patient_gone join earlier on merged_into = earlier.id
     ) select id from earlier`,
    [patientId],
  );
  return rows.map(({ id }) => id);
}

/** @returns the patient that the id leads to from now on; undefined when that one was erased: what is gone stays so */
export async function noteMerged(tx: EntityManager, patientId: string, into: string): Promise<string | undefined> {
  await tx.execute(
    `insert into patient_gone as gone (patient_id, merged_into) values (?, ?)
     on conflict (patient_id) do update set merged_into = excluded.merged_into where gone.merged_into is not null`,
    [patientId, into],
  );
  return currentPatientId(tx, patientId);
}

export async function noteErased(tx: EntityManager, patientId: string): Promise<void> {
  await tx.execute(
    'insert into patient_gone (patient_id) values (?) on conflict (patient_id) do update set merged_into = null',
    [patientId],
  );
}
