import type { EntityManager } from '@cabinet/postgres/orm';
import type { LabelCode, SecurityLabel } from '../domain/security-label.js';

const columns = 'code, set_at as "setAt", set_by as "setBy", removed_at as "removedAt"';

/** Of the patient and those who were merged into them. */
const theirs = '(patient_id = ? or patient_id in (select id from patient where merged_into = ?))';

type LabelRow = Omit<SecurityLabel, 'patientId' | 'removedAt'> & { removedAt: Date | null };

/** The first of each code of those that stand. */
export async function labelsOf(em: EntityManager, patientId: string): Promise<SecurityLabel[]> {
  const rows = await em.execute<LabelRow[]>(
    `select distinct on (code) ${columns} from security_label where ${theirs} and removed_at is null order by code, set_at`,
    [patientId, patientId],
  );
  return rows.map((row) => toLabel(row, patientId));
}

/** Those that were taken away as well, in order. */
export async function everyLabelOf(em: EntityManager, patientId: string): Promise<SecurityLabel[]> {
  const which = `select ${columns} from security_label where ${theirs} order by set_at, code`;
  const rows = await em.execute<LabelRow[]>(which, [patientId, patientId]);
  return rows.map((row) => toLabel(row, patientId));
}

const toLabel = ({ removedAt, setAt, ...row }: LabelRow, patientId: string): SecurityLabel => ({
  ...row,
  patientId,
  setAt: new Date(setAt),
  ...(removedAt && { removedAt: new Date(removedAt) }),
});

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
export async function removeLabels(
  tx: EntityManager,
  patientIds: string[],
  code: LabelCode,
  { at, by }: { at: Date; by: string },
): Promise<boolean> {
  const removed = await tx.execute<unknown[]>(
    `update security_label set removed_at = ?, removed_by = ?
     where patient_id = any(?::uuid[]) and code = ? and removed_at is null returning code`,
    [at, by, `{${patientIds.join(',')}}`, code],
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
