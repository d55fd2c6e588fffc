import type { EntityManager } from '@cabinet/postgres/orm';
import type { GoneAs } from '../../domain/refusal.js';
import { arrayOf } from '../fragments.js';

export interface GoneRow {
  asked: string;
  as: GoneAs | null;
  hops: number;
}

const hopsMax = 10;

/** A row for each id; what is said is about the patient that it leads to by now. */
export const goneOfAll = `
  with recursive leads_to as (
    select asked, asked as id, 0 as hops from unnest(?::uuid[]) as asked
    union all select asked, merged_into, hops + 1 from leads_to join patient_gone on patient_id = id where hops < ${hopsMax}
  )
  select distinct on (asked) asked, case when id is null then 'erased'
    when exists (select from patient_deceased where patient_id = id) then 'deceased' end as "as", hops
  from leads_to order by asked, hops desc`;

/** @throws Error when patients who were merged point in a circle */
export function toGoneAs({ asked, as, hops }: GoneRow): GoneAs | undefined {
  if (hops === hopsMax) throw new Error(`The patients merged around ${asked} point in a circle`);
  return as ?? undefined;
}

export async function goneAs(em: EntityManager, patientId: string): Promise<GoneAs | undefined> {
  const [row] = await em.execute<GoneRow[]>(goneOfAll, [arrayOf([patientId])]);
  return row && toGoneAs(row);
}
