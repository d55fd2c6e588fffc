import { currentPatientId } from '@cabinet/postgres/gone-patients';
import type { EntityManager } from '@cabinet/postgres/orm';

/** What was heard of a patient for whom nothing is stored any more. */
export async function goneAs(em: EntityManager, patientId: string): Promise<'erased' | 'deceased' | undefined> {
  const current = await currentPatientId(em, patientId);
  if (!current) return 'erased';
  const [dead] = await em.execute('select from patient_deceased where patient_id = ?', [current]);
  return dead && 'deceased';
}
