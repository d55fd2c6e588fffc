import { assertVersion, type ExpectedVersion } from '@cabinet/kit/http/etag';
import { currentPatientId } from '@cabinet/postgres/gone-patients';
import { noteStored } from '@cabinet/postgres/idempotency';
import type { EntityManager, Orm } from '@cabinet/postgres/orm';
import { PatientUnknown } from '../domain/errors.js';
import type { PreferenceStore } from '../domain/ports.js';
import type { Preferences } from '../domain/preferences/preferences.js';
import { waitForPatientChanges } from './patient-changes.js';

type Unwanted = Preferences['unwanted'][number];

const isAnotherThan =
  ({ topic, channel }: Unwanted) =>
  (each: Unwanted): boolean =>
    each.topic !== topic || each.channel !== channel;

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
      const before = await current(tx, asked);
      if (!before) throw new PatientUnknown('patientId');
      assertVersion(expected, before.version);
      const next = await store(tx, { ...before, language, unwanted }, by);
      await noteStored(tx);
      return next;
    });
  }

  decline(asked: string, unwanted: Unwanted, by: { id: string; at: Date }): Promise<void> {
    return this.change(asked, by, (before) => [...before.filter(isAnotherThan(unwanted)), unwanted]);
  }

  accept(asked: string, wanted: Unwanted, by: { id: string; at: Date }): Promise<void> {
    return this.change(asked, by, (before) => before.filter(isAnotherThan(wanted)));
  }

  /** Nothing is stored where nothing changes. */
  private change(
    asked: string,
    by: { id: string; at: Date },
    next: (unwanted: readonly Unwanted[]) => Unwanted[],
  ): Promise<void> {
    return this.orm.em.fork().transactional(async (tx) => {
      const before = await current(tx, asked);
      const unwanted = before && next(before.unwanted);
      if (unwanted && unwanted.length !== before.unwanted.length) await store(tx, { ...before, unwanted }, by);
    });
  }
}

/** As they are, and nobody else's to change until the transaction ends; undefined for one who was erased. */
async function current(tx: EntityManager, asked: string): Promise<Preferences | undefined> {
  await waitForPatientChanges(tx);
  const patientId = await currentPatientId(tx, asked);
  if (!patientId) return undefined;
  await tx.execute(`select pg_advisory_xact_lock(hashtextextended('preference' || ?, 0))`, [patientId]);
  return read(tx, patientId);
}

async function store(tx: EntityManager, before: Preferences, by: { id: string; at: Date }): Promise<Preferences> {
  const next = { ...before, version: before.version + 1 };
  await tx.execute(
    `insert into preference values (?, ?, ?, ?::jsonb, ?, ?)
     on conflict (patient_id) do update set version = excluded.version, language = excluded.language,
       unwanted = excluded.unwanted, set_by = excluded.set_by, set_at = excluded.set_at`,
    [next.patientId, next.version, next.language ?? null, JSON.stringify(next.unwanted), by.id, by.at],
  );
  return next;
}

async function read(em: EntityManager, patientId: string): Promise<Preferences> {
  const [row] = await em.execute<
    { version: number; language: Preferences['language'] | null; unwanted: Preferences['unwanted'] }[]
  >('select version, language, unwanted from preference where patient_id = ?', [patientId]);
  return row
    ? { patientId, version: row.version, language: row.language ?? undefined, unwanted: row.unwanted }
    : { patientId, version: 0, unwanted: [] };
}
