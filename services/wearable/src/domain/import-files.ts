import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Principal } from '@cabinet/kit/access/principal';
import type { Clock } from '@cabinet/kit/clock';
import { invalidField } from '@cabinet/kit/errors';
import { effectOfRequest, storedBefore } from '@cabinet/kit/http/request-context';
import { noteSubjects } from '@cabinet/service/audit/subjects';
import type { WhoMay } from './access.js';
import { ImportDone, ImportNotFound, NotYours, Packed, WrongOffset } from './errors.js';
import { addLeftOut, addRefusals, count, type FileImport, type Format, type ImportReport } from './file-import.js';
import { readerOf } from './files/readers.js';
import { measureOf } from './measures.js';
import type { FileImports } from './ports.js';
import type { SourceReading } from './reading.js';
import type { Outcome, TakeReadings } from './take-readings.js';
import { readZone } from './zones.js';

export interface ImportOrder {
  patientId: string;
  format: Format;
  /** In which times are that come without an offset; Europe/Paris when it is left out. */
  zone?: string;
  bytes?: number;
}

export interface Part {
  importId: string;
  /** Where in the file it begins. */
  offset: number;
  bytes: Buffer;
  isLast: boolean;
}

/** Readings that are stored at once. */
const atOnce = 1_000;

/** Whoever goes on with a file does so within this; what has come of it is medical, and kept for nothing else. */
const untouchedMsMax = 7 * 24 * 3_600_000;

export class ImportFiles {
  constructor(
    private readonly imports: FileImports,
    private readonly taking: TakeReadings,
    private readonly may: WhoMay,
    private readonly clock: Clock,
  ) {}

  /** @throws NotYours (403), PatientErased (410), InvalidInput (422) */
  async begin(
    { patientId: asked, format, zone = 'Europe/Paris', bytes }: ImportOrder,
    actor: Principal,
  ): Promise<FileImport> {
    const patientId = await this.may.letIn(asked, actor);
    const known = readZone(zone);
    if (!known) throw invalidField('zone', 'NO_ZONE', 'must be an IANA time zone, such as Europe/Paris');
    const stored = await storedBefore((id) => this.imports.find(id));
    if (stored) return stored;
    const now = this.clock.now();
    const report: ImportReport = { types: [], leftOut: [], refusals: [] };
    const { id } = effectOfRequest();
    const nothing = { read: 0, rest: Buffer.alloc(0), context: {}, report };
    return this.imports.add({ id, patientId, format, zone: known, bytes, ...nothing, startedAt: now, changedAt: now });
  }

  /** @throws ImportNotFound (404) */
  async get(id: string, actor: Principal): Promise<FileImport> {
    const found = await this.imports.find(id);
    if (!found) throw new ImportNotFound();
    noteSubjects(found.patientId);
    try {
      await this.may.letIn(found.patientId, actor);
    } catch (error) {
      if (error instanceof NotYours) throw new ImportNotFound();
      throw error;
    }
    return found;
  }

  /**
   * Reads the next part of a file. A process that dies in the middle has stored some of its readings, and not that it was read: it
   * is sent again, and they are known.
   * @throws ImportNotFound (404), WrongOffset (409) with where to go on, ImportDone (409), Packed (415), Unreadable (422),
   *   TooManyAtOnce (429)
   */
  async readPart({ importId, offset, bytes, isLast }: Part, actor: Principal): Promise<FileImport> {
    const found = await this.get(importId, actor);
    if (found.endedAt) throw new ImportDone();
    if (offset !== found.read) throw new WrongOffset(found.read);
    if (found.read === 0 && isPacked(bytes)) throw new Packed();
    const read = readerOf(found.format).read({
      bytes: Buffer.concat([found.rest, bytes]),
      isLast,
      context: found.context,
      zone: found.zone,
    });
    const report = structuredClone(found.report);
    addLeftOut(report, read.leftOut);
    for (let from = 0; from < read.readings.length; from += atOnce) {
      // What is refused waits for nothing: a file full of it would keep all others waiting.
      await nextTurn();
      const some = read.readings.slice(from, from + atOnce);
      const outcomes = await this.taking.takeFor(found.patientId, found.format, some);
      for (const [nth, outcome] of outcomes.entries()) note(report, some[nth] as SourceReading, outcome);
    }
    const now = this.clock.now();
    const next: FileImport = {
      ...found,
      read: found.read + bytes.length,
      rest: read.rest,
      context: read.context,
      report,
      changedAt: now,
      endedAt: isLast ? now : undefined,
    };
    if (await this.imports.save(next, found.read)) return next;
    throw new WrongOffset((await this.get(importId, actor)).read);
  }

  /** Files that were begun a week ago and left since then go, with what had come of them. @returns how many */
  forgetLeft(): Promise<number> {
    return this.imports.forgetUntouched(new Date(this.clock.now().getTime() - untouchedMsMax));
  }
}

function note(report: ImportReport, { code = '' }: SourceReading, outcome: Outcome): void {
  const known = measureOf(code)?.code ?? '';
  count(report, known, outcome.kind);
  if (outcome.kind === 'refused')
    addRefusals(
      report,
      outcome.fields.map((field) => (known ? { ...field, reading: known } : field)),
    );
}

/** ZIP, gzip, 7z, xz, bzip2 and zstd: what is inside may be a thousand times as large, so nobody unpacks it here. */
const packedBeginnings = ['504b0304', '504b0506', '1f8b', '377abcaf271c', 'fd377a585a00', '425a68', '28b52ffd'];

const isPacked = (bytes: Buffer): boolean => {
  const beginning = bytes.subarray(0, 6).toString('hex');
  return packedBeginnings.some((each) => beginning.startsWith(each));
};
