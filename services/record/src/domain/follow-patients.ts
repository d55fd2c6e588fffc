import type { Clock } from '@cabinet/kit/clock';
import { isEnteredInError } from './contents.js';
import { erasing } from './erase-record.js';
import { RecordBusy } from './errors.js';
import { currentRecord } from './find-record.js';
import { absorbing, leaving } from './merge-records.js';
import type { KeptAnswers, Records } from './ports.js';
import {
  amended,
  type Change,
  type Entry,
  emptyRecord,
  entriesOf,
  type MedicalRecord,
  newEntry,
  newestOf,
  withAmended,
  withEntry,
} from './record.js';

export interface ToldVisit {
  appointmentId: string;
  /** Of the appointment. */
  version: number;
  /** What is told: that it did; that it was recorded by mistake that it did; undefined for what says neither. */
  tookPlace?: boolean;
  patientId: string;
  practitionerId: string;
  start: string;
  end: string;
  /** True for a visit that a minor keeps from their guardians. */
  keptFromGuardians?: boolean;
}

const triesMax = 40;
const process = (id: string) => ({ id, role: 'service' as const });

/**
 * Keeps records in step with what happens to patients elsewhere. Everything here may be done again, and be done in
 * another order than it happened, and comes to the same: there are no transactions over two records.
 */
export class FollowPatients {
  constructor(
    private readonly records: Records,
    private readonly kept: KeptAnswers,
    private readonly clock: Clock,
    /** How long a record is kept after the last visit, though its patient is erased. */
    private readonly keptYears: number,
  ) {}

  /** Opens the patient's record, once. One that was opened early is open from now on, so that nothing tells of what opened it. */
  async opened(patientId: string): Promise<void> {
    const now = this.clock.now();
    if (await this.records.add(emptyRecord(patientId, now), [{ kind: 'opened' }])) return;
    await this.change(patientId, (record) =>
      record.isEarly ? { record: { ...record, openedAt: now, isEarly: false }, told: [] } : undefined,
    );
  }

  /**
   * Opens an encounter for a visit that took place, one for each appointment; it is marked as entered in error when that
   * was a mistake, and stands again when the visit takes place after all.
   */
  async visited(visit: ToldVisit): Promise<void> {
    await this.changeCurrent(visit.patientId, (record) => withEncounter(record, visit, this.clock.now()));
  }

  /**
   * Moves the entries of a patient who was registered twice to the record that stays. The record left behind is closed
   * first, so that nothing is written in it while its entries are on their way, and emptied last.
   */
  async merged(patientId: string, into: string): Promise<void> {
    const target = await currentRecord(this.records, into);
    if ((target?.patientId ?? into) === patientId) throw new Error(`The record of ${patientId} would point to itself`);
    const left = await this.change(patientId, (record) => leaving(record, into));
    if (left.status === 'erased') return;
    const survivor = await this.changeCurrent(into, (record) =>
      absorbing(record, left, { author: process('patient'), at: this.clock.now() }),
    );
    // What is to be erased is not kept alive by having been merged into it.
    if (survivor.status === 'erased') return this.erased(patientId);
    await this.change(patientId, (record) =>
      record.status === 'merging'
        ? { record: { ...record, status: 'merged', entries: [], grants: [], emergencies: [] }, told: [] }
        : undefined,
    );
  }

  /** Removes all content, but for what is kept for some years; what became of it is told with the change. */
  async erased(patientId: string, isAskedAgain = false): Promise<void> {
    // Before it is told, and again: a request that was under way has kept its answer meanwhile.
    await this.kept.forget(patientId);
    await this.change(patientId, (record) =>
      erasing(record, { keptYears: this.keptYears, now: this.clock.now(), isAskedAgain }),
    );
    await this.kept.forget(patientId);
  }

  /** @returns the record as it stands afterwards */
  private change(patientId: string, decide: (record: MedicalRecord) => Change | undefined): Promise<MedicalRecord> {
    return this.untilSaved(
      async () => (await this.records.find(patientId)) ?? (await this.openedBefore(patientId)),
      decide,
    );
  }

  /** Changes the record that stands for the patient now. An erased one stays as it is. */
  private changeCurrent(
    patientId: string,
    decide: (record: MedicalRecord) => Change | undefined,
  ): Promise<MedicalRecord> {
    return this.untilSaved(
      async () => {
        const record = (await currentRecord(this.records, patientId)) ?? (await this.openedBefore(patientId));
        if (record.status === 'merging') throw new RecordBusy();
        return record;
      },
      (record) => (record.status === 'erased' ? undefined : decide(record)),
    );
  }

  // Topics have no order between them: a visit, or a merge, may be heard of before the registration.
  private async openedBefore(patientId: string): Promise<MedicalRecord> {
    const early = { ...emptyRecord(patientId, this.clock.now()), isEarly: true };
    await this.records.add(early, [{ kind: 'opened' }]);
    const record = await this.records.find(patientId);
    // Somebody else is opening it at this moment.
    if (!record) throw new RecordBusy();
    return record;
  }

  private async untilSaved(
    load: () => Promise<MedicalRecord>,
    decide: (record: MedicalRecord) => Change | undefined,
  ): Promise<MedicalRecord> {
    for (let tries = 0; tries < triesMax; tries += 1) {
      const record = await load();
      const change = decide(record);
      if (!change) return record;
      if (await this.records.save(change.record, change.told)) return { ...change.record, version: record.version + 1 };
    }
    throw new RecordBusy();
  }
}

function withEncounter(record: MedicalRecord, visit: ToldVisit, at: Date): Change | undefined {
  const { appointmentId, practitionerId, start, end, version } = visit;
  const known = entriesOf(record, 'encounter').find((entry) => newestOf(entry).content.appointmentId === appointmentId);
  if (known) return withCorrection(record, known, visit, at);
  if (visit.tookPlace === undefined) return undefined;
  // One that ends before the time that was planned for it has ended when it was told.
  const isEarly = new Date(start) <= at && at < new Date(end);
  const period = { start, end: isEarly ? at.toISOString() : end };
  // The mistake may be told before the visit: that one is then no news.
  const status = visit.tookPlace ? 'finished' : 'entered-in-error';
  const content = { status, class: 'AMB', period, practitionerId, appointmentId } as const;
  const { keptFromGuardians } = visit;
  const said = newEntry('encounter', content, { author: process('appointment'), at }, { keptFromGuardians });
  const entry = { ...said, heard: version };
  return { record: withEntry(record, entry), told: [{ kind: 'entry-added', entry }] };
}

/** What was heard before is no news: events come again. */
function withCorrection(
  record: MedicalRecord,
  known: Entry<'encounter'>,
  { version, tookPlace = false, keptFromGuardians }: ToldVisit,
  at: Date,
): Change | undefined {
  if (version <= (known.heard ?? 0)) return undefined;
  // What is kept in the record is so however the visit goes on.
  const heard = { ...known, heard: version, ...(keptFromGuardians && { keptFromGuardians }) };
  const { content } = newestOf(known);
  if (isEnteredInError(content) !== tookPlace) return { record: withAmended(record, heard), told: [] };
  const [status, reason] = tookPlace
    ? (['finished', 'The visit took place after all'] as const)
    : (['entered-in-error', 'It was recorded by mistake that the visit took place'] as const);
  const entry = amended(heard, { ...content, status }, { author: process('appointment'), at, reason });
  return { record: withAmended(record, entry), told: [{ kind: 'entry-amended', entry }] };
}
