import type { EventSource } from '@cabinet/postgres/event-source';
import { noteErased, noteMerged } from '@cabinet/postgres/gone-patients';
import { forgetAnswersOf } from '@cabinet/postgres/idempotency';
import type { EntityManager } from '@cabinet/postgres/orm';
import { type ErasureReceipt, type Fate, keptTrail } from '@cabinet/service/erasure-receipt';
import type { Pairing } from '../domain/device.js';
import type { ToldHistory, ToldReading } from '../domain/ports.js';
import { isTrusted } from './reading-rows.js';

export type WearableEvents = EventSource<[deviceId: string, pairing: Pairing]>;
export type ReadingEvents = EventSource<[ToldReading]>;
export type HistoryEvents = EventSource<[ToldHistory]>;

const patientChanges = 7_410_010;

/** For who adds something: it is added before a patient is merged or erased, or after, and never unseen in between. */
export const waitForPatientChanges = (tx: EntityManager): Promise<unknown> =>
  tx.execute('select pg_advisory_xact_lock_shared(?)', [patientChanges]);

/** What becomes of a patient's devices and readings when the patient is merged into another, or erased. */
export class PatientChanges {
  constructor(private readonly receipts: EventSource<[ErasureReceipt]>) {}

  /** Of one who was merged into somebody erased nothing stays either. */
  async merge(tx: EntityManager, patientId: string, into: string): Promise<void> {
    await tx.execute('select pg_advisory_xact_lock(?)', [patientChanges]);
    const intoPatientId = await noteMerged(tx, patientId, into);
    if (!intoPatientId) {
      await this.forget(tx, patientId);
      return;
    }
    const ids = [patientId, intoPatientId];
    await joinTracks(tx, ids);
    for (const table of ['track', 'origin', 'pairing', 'file_import'])
      await tx.execute(`update ${table} set patient_id = ? where patient_id = ?`, [intoPatientId, patientId]);
  }

  /** What became of what there was is told with it. */
  async erase(tx: EntityManager, patientId: string): Promise<void> {
    await tx.execute('select pg_advisory_xact_lock(?)', [patientChanges]);
    await noteErased(tx, patientId);
    await this.receipts.enqueue(tx, { patientId, what: await this.forget(tx, patientId) });
  }

  private async forget(tx: EntityManager, patientId: string): Promise<Fate[]> {
    const gone = async (sql: string): Promise<number> => {
      const [row] = await tx.execute<{ count: string }[]>(
        `with gone as (${sql} returning 1) select count(*) as count from gone`,
        [patientId],
      );
      return Number(row?.count);
    };
    const ofTracks = 'where track_id in (select id from track where patient_id = ?)';
    const readings = await gone(`delete from reading ${ofTracks}`);
    const earlier = await gone(`delete from reading_earlier ${ofTracks}`);
    await gone(`delete from reading_hour ${ofTracks}`);
    await gone('delete from track where patient_id = ?');
    await gone('delete from origin where patient_id = ?');
    const imports = await gone('delete from file_import where patient_id = ?');
    // A device that is with them now sends nothing more; one that others had, or have, is theirs.
    await tx.execute(
      `update device set token_hash = null
       where id in (select device_id from pairing where patient_id = ? and until is null)`,
      [patientId],
    );
    const pairings = await gone('delete from pairing where patient_id = ?');
    const devices = await tx.execute<unknown[]>(
      'delete from device d where not exists (select from pairing where device_id = d.id) returning id',
    );
    return [
      { kind: 'readings', count: readings + earlier, outcome: 'erased' },
      { kind: 'pairings', count: pairings, outcome: 'erased' },
      { kind: 'devices', count: devices.length, outcome: 'erased' },
      { kind: 'imports', count: imports, outcome: 'erased' },
      { kind: 'keptAnswers', count: await forgetAnswersOf(tx, patientId), outcome: 'erased' },
      keptTrail,
    ];
  }
}

/** Of what both have, a measurement that is there twice stays once, and the sums of the hours are made anew. */
async function joinTracks(tx: EntityManager, ids: string[]): Promise<void> {
  const both = `select old.id as old_id, kept.id as kept_id from track old join track kept using (code)
    where old.patient_id = ? and kept.patient_id = ?`;
  await tx.execute(
    `delete from reading r using (${both}) b
     where r.track_id = b.old_id and exists (select from reading same where same.track_id = b.kept_id and same.identity = r.identity)`,
    ids,
  );
  for (const table of ['reading', 'reading_earlier'])
    await tx.execute(`update ${table} r set track_id = b.kept_id from (${both}) b where r.track_id = b.old_id`, ids);
  await tx.execute(`delete from reading_hour h using (${both}) b where h.track_id in (b.old_id, b.kept_id)`, ids);
  await tx.execute(
    `insert into reading_hour (track_id, origin_id, hour, count, low, high, total)
     select r.track_id, r.origin_id, date_trunc('hour', r.effective_at, 'UTC'), count(*), min(value), max(value), sum(value)
     from reading r join (${both}) b on r.track_id = b.kept_id where ${isTrusted} group by 1, 2, 3`,
    ids,
  );
  await tx.execute(`delete from track t using (${both}) b where t.id = b.old_id`, ids);
}
