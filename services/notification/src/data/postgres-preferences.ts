import { assertVersion, type ExpectedVersion } from '@cabinet/kit/http/etag';
import { currentPatientId, currentPatientIds } from '@cabinet/postgres/gone-patients';
import { noteStored } from '@cabinet/postgres/idempotency';
import type { EntityManager, Orm } from '@cabinet/postgres/orm';
import { SharedTrips } from '@cabinet/postgres/shared-trips';
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
  private readonly questions = new SharedTrips((patientIds: readonly string[]) => this.ofAll(patientIds));

  constructor(private readonly orm: Orm) {}

  of(patientId: string): Promise<Preferences> {
    return this.questions.make(patientId);
  }

  private async ofAll(asked: readonly string[]): Promise<Preferences[]> {
    const em = this.orm.em.fork();
    const patients = await currentPatientIds(em, asked);
    const ids = asked.map((id) => patients.get(id) ?? id);
    const rows = await em.execute<Row[]>(
      'select patient_id, version, language, unwanted from preference where patient_id = any(?::uuid[])',
      [`{${ids.join(',')}}`],
    );
    const kept = new Map(rows.map((row) => [row.patient_id, row]));
    return ids.map((id) => toPreferences(id, kept.get(id)));
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
  const [row] = await em.execute<Row[]>(
    'select patient_id, version, language, unwanted from preference where patient_id = ?',
    [patientId],
  );
  return toPreferences(patientId, row);
}

interface Row {
  patient_id: string;
  version: number;
  language: Preferences['language'] | null;
  unwanted: Preferences['unwanted'];
}

const toPreferences = (patientId: string, row: Row | undefined): Preferences =>
  row
    ? { patientId, version: row.version, language: row.language ?? undefined, unwanted: row.unwanted }
    : { patientId, version: 0, unwanted: [] };
