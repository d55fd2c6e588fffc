import type { EntityManager } from '@cabinet/postgres/orm';
import { arrayOf } from '../fragments.js';

/** What was heard of a patient for whom nothing is stored any more. */
export type GoneAs = 'erased' | 'deceased';

export interface GoneRow {
  asked: string;
  as: GoneAs | null;
}

/** A row for each id; what is said is about the patient that it leads to by now. */
export const goneOfAll = `
  with recursive leads_to as (
    select asked, asked as id, 0 as hops from unnest(?::uuid[]) as asked
    union all select asked, merged_into, hops + 1 from leads_to join patient_gone on patient_id = id where hops < 10
  )
  select distinct on (asked) asked, case when id is null then 'erased'
    when exists (select from patient_deceased where patient_id = id) then 'deceased' end as "as"
  from leads_to order by asked, hops desc`;

export async function goneAs(em: EntityManager, patientId: string): Promise<GoneAs | undefined> {
  const [row] = await em.execute<GoneRow[]>(goneOfAll, [arrayOf([patientId])]);
  return row?.as ?? undefined;
}
