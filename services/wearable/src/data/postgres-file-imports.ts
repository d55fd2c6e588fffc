import { currentPatientId } from '@cabinet/postgres/gone-patients';
import type { Orm } from '@cabinet/postgres/orm';
import { PatientErased } from '../domain/errors.js';
import type { FileImport, Format, ImportProgress, ImportReport } from '../domain/file-import.js';
import type { FileImports } from '../domain/ports.js';
import { waitForPatientChanges } from './patient-changes.js';

interface Row {
  id: string;
  patient_id: string;
  format: Format;
  zone: string;
  bytes: string | null;
  read: string;
  rest: string;
  context: Record<string, unknown>;
  report: ImportReport;
  started_at: string;
  changed_at: string;
  ended_at: string | null;
}

/** Nobody sends more files of one patient side by side, and each may keep 16 MiB of what was sent. */
const openMax = 5;

export class PostgresFileImports implements FileImports {
  constructor(private readonly orm: Orm) {}

  async find(id: string): Promise<FileImport | undefined> {
    const [row] = await this.orm.em.fork().execute<Row[]>(
      `select id, patient_id, format, zone, bytes, read, encode(rest, 'base64') as rest, context, report, started_at, changed_at,
         ended_at from file_import where id = ?`,
      [id],
    );
    return row && toImport(row);
  }

  async listOf(patientId: string): Promise<ImportProgress[]> {
    const rows = await this.orm.em.fork().execute<Omit<Row, 'rest' | 'context'>[]>(
      `select id, patient_id, format, zone, bytes, read, report, started_at, changed_at, ended_at from file_import
       where patient_id = ? order by started_at, id`,
      [patientId],
    );
    return rows.map(toProgress);
  }

  add(started: FileImport): Promise<FileImport> {
    return this.orm.em.fork().transactional(async (tx) => {
      await waitForPatientChanges(tx);
      const patientId = await currentPatientId(tx, started.patientId);
      if (!patientId) throw new PatientErased();
      await tx.execute(
        `delete from file_import where id in (
           select id from file_import where patient_id = ? and ended_at is null order by changed_at desc, id desc offset ?
         )`,
        [patientId, openMax - 1],
      );
      const { id, format, zone, bytes = null, read, rest, context, report, startedAt, changedAt } = started;
      await tx.execute(
        `insert into file_import (id, patient_id, format, zone, bytes, read, rest, context, report, started_at, changed_at)
         values (?, ?, ?, ?, ?, ?, decode(?, 'base64'), ?::jsonb, ?::jsonb, ?, ?)`,
        [
          ...[id, patientId, format, zone, bytes, read, rest.toString('base64')],
          ...[JSON.stringify(context), JSON.stringify(report), startedAt, changedAt],
        ],
      );
      return { ...started, patientId };
    });
  }

  save(next: FileImport, readBefore: number): Promise<boolean> {
    return this.orm.em.fork().transactional(async (tx) => {
      const saved = await tx.execute<unknown[]>(
        `update file_import set read = ?, rest = decode(?, 'base64'), context = ?::jsonb, report = ?::jsonb, changed_at = ?,
           ended_at = ? where id = ? and read = ? and ended_at is null returning id`,
        [
          ...[next.read, next.rest.toString('base64'), JSON.stringify(next.context), JSON.stringify(next.report)],
          ...[next.changedAt, next.endedAt ?? null, next.id, readBefore],
        ],
      );
      return saved.length > 0;
    });
  }

  async forgetUntouched(since: Date): Promise<number> {
    const gone = await this.orm.em
      .fork()
      .execute<unknown[]>('delete from file_import where ended_at is null and changed_at < ? returning id', [since]);
    return gone.length;
  }
}

const toImport = (row: Row): FileImport => ({
  ...toProgress(row),
  rest: Buffer.from(row.rest, 'base64'),
  context: row.context,
});

const toProgress = (row: Omit<Row, 'rest' | 'context'>): ImportProgress => ({
  id: row.id,
  patientId: row.patient_id,
  format: row.format,
  zone: row.zone,
  bytes: row.bytes === null ? undefined : Number(row.bytes),
  read: Number(row.read),
  report: row.report,
  startedAt: new Date(row.started_at),
  changedAt: new Date(row.changed_at),
  endedAt: row.ended_at === null ? undefined : new Date(row.ended_at),
});
