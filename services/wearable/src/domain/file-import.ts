import type { FieldError } from '@cabinet/kit/errors';
import { shortened } from './reading.js';

/** What sources give as a file, or as what they answer to a program. */
export const formats = [
  'apple-health',
  'csv',
  'dexcom',
  'fhir',
  'fitbit',
  'garmin-fit',
  'health-connect',
  'open-mhealth',
  'oura',
  'withings',
] as const;
export type Format = (typeof formats)[number];

/** How many readings of a code there were, and what became of them. */
export interface TypeReport {
  code: string;
  stored: number;
  known: number;
  corrected: number;
  refused: number;
}

export interface Refusal extends FieldError {
  /** LOINC, where that is known. */
  reading?: string;
}

export interface ImportReport {
  types: TypeReport[];
  /** What is in the file and not kept here, by the source's own name of it. */
  leftOut: { type: string; count: number }[];
  /** The first of them, each with the field and a code. */
  refusals: Refusal[];
}

/** A file that is read part by part, so that it may be of any size, and go on where it was cut off. */
export interface FileImport {
  id: string;
  patientId: string;
  format: Format;
  /** In which times are that come without an offset. */
  zone: string;
  /** The size of the file, where that was said. */
  bytes?: number;
  /** How many bytes have been read. */
  read: number;
  /** The end of what was read, of which the rest has yet to come. */
  rest: Buffer;
  /** What the beginning of the file says of all that follows, such as the header of a table. */
  context: Record<string, unknown>;
  report: ImportReport;
  startedAt: Date;
  changedAt: Date;
  endedAt?: Date;
}

/** How far it is, without what is kept to go on with it. */
export type ImportProgress = Omit<FileImport, 'rest' | 'context'>;

/** One of a few kinds, which a file of many must not make many of. */
const refusalsMax = 100;
const leftOutMax = 200;

export function addRefusals(report: ImportReport, refused: readonly Refusal[]): void {
  report.refusals.push(...refused.slice(0, refusalsMax - report.refusals.length));
}

export function count(report: ImportReport, code: string, kind: Exclude<keyof TypeReport, 'code'>): void {
  let type = report.types.find((each) => each.code === code);
  if (!type) {
    type = { code, stored: 0, known: 0, corrected: 0, refused: 0 };
    report.types.push(type);
  }
  type[kind] += 1;
}

export function addLeftOut(report: ImportReport, types: readonly string[]): void {
  const there = new Map(report.leftOut.map((each) => [each.type, each]));
  for (const named of types) {
    const type = shortened(named);
    const known = there.get(type);
    if (known) known.count += 1;
    else if (there.size < leftOutMax) there.set(type, { type, count: 1 });
  }
  report.leftOut = [...there.values()];
}
