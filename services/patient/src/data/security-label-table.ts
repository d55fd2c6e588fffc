import type { EntityManager } from '@cabinet/postgres/orm';
import type { LabelCode, SecurityLabel } from '../domain/security-label.js';

const columns = 'patient_id as "patientId", code, set_at as "setAt", set_by as "setBy"';

const toLabel = (row: SecurityLabel): SecurityLabel => ({ ...row, setAt: new Date(row.setAt) });

export async function labelsOf(em: EntityManager, patientId: string): Promise<SecurityLabel[]> {
  const rows = await em.execute<SecurityLabel[]>(
    `select distinct on (code) ${columns} from security_label
     where patient_id = ? or patient_id in (select id from patient where merged_into = ?) order by code, set_at`,
    [patientId, patientId],
  );
  return rows.map((row) => ({ ...toLabel(row), patientId }));
}

export async function saveLabel(
  tx: EntityManager,
  { patientId, code, setAt, setBy }: SecurityLabel,
): Promise<SecurityLabel> {
  await tx.execute(
    'insert into security_label (patient_id, code, set_at, set_by) values (?, ?, ?, ?) on conflict do nothing',
    [patientId, code, setAt, setBy],
  );
  const there = (await labelsOf(tx, patientId)).find((label) => label.code === code);
  return there as SecurityLabel;
}

/** @returns false when there was none */
export async function removeLabels(tx: EntityManager, patientIds: string[], code: LabelCode): Promise<boolean> {
  const removed = await tx.execute<unknown[]>(
    'delete from security_label where patient_id = any(?::uuid[]) and code = ? returning code',
    [`{${patientIds.join(',')}}`, code],
  );
  return removed.length > 0;
}

/** @returns how many there were */
export async function forgetLabels(tx: EntityManager, patientId: string): Promise<number> {
  const removed = await tx.execute<unknown[]>('delete from security_label where patient_id = ? returning code', [
    patientId,
  ]);
  return removed.length;
}
