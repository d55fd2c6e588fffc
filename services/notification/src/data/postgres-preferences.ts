import { assertVersion, type ExpectedVersion } from '@cabinet/kit/http/etag';
import { currentPatientId } from '@cabinet/postgres/gone-patients';
import { noteStored } from '@cabinet/postgres/idempotency';
import type { EntityManager, Orm } from '@cabinet/postgres/orm';
import { PatientUnknown } from '../domain/errors.js';
import type { PreferenceStore } from '../domain/ports.js';
import type { Preferences } from '../domain/preferences/preferences.js';
import { waitForPatientChanges } from './patient-changes.js';

export class PostgresPreferences implements PreferenceStore {
  constructor(private readonly orm: Orm) {}

  async of(patientId: string): Promise<Preferences> {
    const em = this.orm.em.fork();
    return read(em, (await currentPatientId(em, patientId)) ?? patientId);
  }

  set(
    { patientId: asked, language, unwanted }: Omit<Preferences, 'version'>,
    expected: ExpectedVersion,
    by: { id: string; at: Date },
  ): Promise<Preferences> {
    return this.orm.em.fork().transactional(async (tx) => {
      await waitForPatientChanges(tx);
      const patientId = await currentPatientId(tx, asked);
      if (!patientId) throw new PatientUnknown('patientId');
      await tx.execute(`select pg_advisory_xact_lock(hashtextextended('preference' || ?, 0))`, [patientId]);
      const before = await read(tx, patientId);
      assertVersion(expected, before.version);
      const next: Preferences = { patientId, version: before.version + 1, language, unwanted };
      await tx.execute(
        `insert into preference values (?, ?, ?, ?::jsonb, ?, ?)
         on conflict (patient_id) do update set version = excluded.version, language = excluded.language,
           unwanted = excluded.unwanted, set_by = excluded.set_by, set_at = excluded.set_at`,
        [patientId, next.version, language ?? null, JSON.stringify(unwanted), by.id, by.at],
      );
      await noteStored(tx);
      return next;
    });
  }
}

async function read(em: EntityManager, patientId: string): Promise<Preferences> {
  const [row] = await em.execute<
    { version: number; language: Preferences['language'] | null; unwanted: Preferences['unwanted'] }[]
  >('select version, language, unwanted from preference where patient_id = ?', [patientId]);
  return row
    ? { patientId, version: row.version, language: row.language ?? undefined, unwanted: row.unwanted }
    : { patientId, version: 0, unwanted: [] };
}
