import { createHash } from 'node:crypto';
import { DomainError, type FieldError, InvalidInput } from '@cabinet/kit/errors';
import { tidyText } from '@cabinet/kit/text';
import { readWrittenTime, type WrittenTime } from '@cabinet/service/written-time';
import { inKeptUnit, measureOf } from './measures.js';

/** How sure it is that a reading is of the patient; the surest first. */
export const certainties = ['sure', 'likely', 'doubtful'] as const;
export type Certainty = (typeof certainties)[number];

/**
 * What to know of a reading; the place of each is its bit in the database, so new ones come at the end.
 *
 * `implausible`: no living person has that. `out-of-scale`: the device said "high" or "low". `device-clock`: its time is that of a
 * clock which nobody sets right. `ambiguous-time`: the clocks showed it twice that night. `typed`: somebody wrote it.
 */
export const flags = ['implausible', 'out-of-scale', 'device-clock', 'ambiguous-time', 'typed'] as const;
export type Flag = (typeof flags)[number];

/** What a source says of one measurement, as it says it. Nothing of it has been checked. */
export interface SourceReading {
  /** LOINC. */
  code?: string;
  value?: number | string;
  /** UCUM. */
  unit?: string;
  /** RFC 3339, with offset. */
  effectiveAt?: string;
  /** Where it is of a while: its end. */
  endAt?: string;
  /** The source's own id of it. */
  sourceId?: string;
  /** A device of ours that it was measured with. */
  deviceId?: string;
  /** What the source calls the device. */
  origin?: string;
  certainty?: Certainty;
  flags?: Flag[];
}

/** One measurement, checked, in the unit of its code. */
export interface Reading {
  code: string;
  value: number;
  effectiveAt: WrittenTime;
  /** How long it took; left out for what is of one moment. */
  seconds?: number;
  /** The same for the same measurement, however often it comes: 128 bits, as a UUID. */
  identity: string;
  /** Of all that was said of it: another one under the same identity is a correction. 64 bits in hexadecimal digits. */
  contentHash: string;
  deviceId?: string;
  origin: string;
  certainty: Certainty;
  flags: Flag[];
  /** Nobody can say whether it was measured so: it takes the place of nothing that is there. */
  isAfterHandingOn?: true;
}

export interface ReadingContext {
  /** Who gives it: `device`, `app`, or the name of a format. Ids of two sources never meet. */
  source: string;
  now: Date;
  /** How sure it is, as far as is known of whom the device is with. */
  certainty?: Certainty;
}

/** Clocks that go a little ahead are believed. */
const aheadMsMax = 5 * 60_000;
const secondsMax = 7 * 24 * 3_600;
/** Far above all that is measured, in any unit that is taken. */
const valueMax = 1e7;

const field = (path: string, code: string, message: string): FieldError => ({ path, code, message });

/**
 * Checks what a source says.
 * @throws InvalidInput (422) with all that is wrong: codes REQUIRED, NOT_KEPT_HERE, UNIT_DOES_NOT_FIT, NOT_A_NUMBER, INVALID_TIME,
 *   NO_SUCH_TIME, IN_THE_FUTURE, END_BEFORE_START, TOO_LONG
 */
export function readReading(said: SourceReading, { source, now, certainty = 'sure' }: ReadingContext): Reading {
  const problems: FieldError[] = [];
  const measure = said.code === undefined ? undefined : measureOf(said.code);
  if (!measure) problems.push(said.code === undefined ? required('code') : notKept);
  const given = readValue(said.value, problems);
  if (said.unit === undefined) problems.push(required('unit'));
  const value = measure && said.unit !== undefined ? inKeptUnit(measure, given, said.unit) : undefined;
  if (measure && said.unit !== undefined && value === undefined)
    problems.push(
      field('unit', 'UNIT_DOES_NOT_FIT', `must be ${[measure.unit, ...Object.keys(measure.from)].join(', ')}`),
    );
  const effectiveAt = readTime(said.effectiveAt, 'effectiveAt', now, problems);
  if (said.effectiveAt === undefined) problems.push(required('effectiveAt'));
  const endAt = readTime(said.endAt, 'endAt', now, problems);
  const seconds = secondsBetween(effectiveAt, endAt, problems);
  if (problems.length > 0 || !measure || value === undefined || !effectiveAt)
    throw new InvalidInput(problems, 'READING.INVALID', 'The reading breaks a rule');
  const [low, high] = measure.plausible;
  const isImplausible = value < low || value > high;
  const read = {
    code: measure.code,
    value,
    effectiveAt,
    seconds,
    deviceId: said.deviceId,
    origin: tidyText(shortened(said.origin ?? '')),
    certainty: lessSure(certainty, said.certainty),
    flags: flags.filter((flag) => (flag === 'implausible' ? isImplausible : said.flags?.includes(flag))),
  };
  return {
    ...read,
    identity: identityOf(read, source, said.sourceId),
    contentHash: contentHashOf(read, said.certainty),
  };
}

const textMax = 100;

/** Without what no database takes as text: control characters, and halves of characters, which cutting may leave. */
export const shortened = (text: string): string => text.slice(0, textMax).replace(/[\p{Cc}\p{Cs}]/gu, '');

const required = (path: string): FieldError => field(path, 'REQUIRED', 'is required');
const notKept = field('code', 'NOT_KEPT_HERE', 'must be the LOINC code of a measure that is kept here');

function readValue(said: SourceReading['value'], problems: FieldError[]): number {
  if (said === undefined) problems.push(required('value'));
  // What is no plain decimal number is none: `Number` takes '0x10', ' ' and 'Infinity'.
  const isWritten =
    typeof said === 'number' || (said !== undefined && /^[+-]?\d+(?:[.,]\d+)?(?:[eE][+-]?\d{1,2})?$/.test(said));
  const value = isWritten ? Number(String(said).replace(',', '.')) : Number.NaN;
  if (Number.isFinite(value) && Math.abs(value) <= valueMax) return value;
  if (said !== undefined) problems.push(field('value', 'NOT_A_NUMBER', `must be a number of at most ${valueMax}`));
  return 0;
}

function readTime(said: string | undefined, path: string, now: Date, problems: FieldError[]): WrittenTime | undefined {
  if (said === undefined) return undefined;
  try {
    const time = readWrittenTime(said, path);
    if (time.ms <= now.getTime() + aheadMsMax) return time;
    problems.push(field(path, 'IN_THE_FUTURE', 'must not be yet to come'));
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    problems.push(...error.fields);
  }
  return undefined;
}

function secondsBetween(from: WrittenTime | undefined, to: WrittenTime | undefined, problems: FieldError[]) {
  if (!from || !to) return undefined;
  const seconds = Math.round((to.ms - from.ms) / 1_000);
  if (seconds < 0) problems.push(field('endAt', 'END_BEFORE_START', 'must not be before effectiveAt'));
  if (seconds > secondsMax) problems.push(field('endAt', 'TOO_LONG', 'must be at most seven days after effectiveAt'));
  return seconds > 0 ? seconds : undefined;
}

const lessSure = (...said: (Certainty | undefined)[]): Certainty =>
  certainties[Math.max(...said.map((each) => certainties.indexOf(each ?? 'sure')))] ?? 'doubtful';

/**
 * By the source and its own id, where it gives one: so a reading that is corrected, or comes again with its time shifted after a
 * journey, is known. Else by all that tells two measurements apart.
 */
function identityOf(read: Omit<Reading, 'identity' | 'contentHash'>, source: string, sourceId?: string): string {
  const { code, deviceId, origin, effectiveAt, seconds, value } = read;
  const parts =
    sourceId === undefined
      ? ['', source, code, deviceId ?? '', origin, effectiveAt.ms, seconds ?? 0, value]
      : ['id', source, code, sourceId];
  const hex = digest(parts).slice(0, 32);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** Of what the source said alone: that we have become surer whose the device is makes no correction of what it sends again. */
const contentHashOf = (
  { value, effectiveAt, seconds, flags: of }: Omit<Reading, 'identity' | 'contentHash'>,
  certainty: Certainty = 'sure',
): string => digest([value, effectiveAt.ms, effectiveAt.offset, seconds ?? 0, certainty, of]).slice(0, 16);

const digest = (parts: unknown[]): string => createHash('sha256').update(JSON.stringify(parts)).digest('hex');

/** The flags as bits, as they are stored. */
export const toBits = (named: readonly Flag[]): number =>
  named.reduce((bits, flag) => bits | (1 << flags.indexOf(flag)), 0);
export const fromBits = (bits: number): Flag[] => flags.filter((_, nth) => bits & (1 << nth));

/** As it is written everywhere: RFC 3339, in milliseconds, with the offset. */
export function writeTime({ ms, offset }: WrittenTime): string {
  const local = new Date(ms + offset * 60_000).toISOString().slice(0, -1);
  if (offset === 0) return `${local}Z`;
  const [hours, minutes] = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60].map((each) =>
    String(each).padStart(2, '0'),
  );
  return `${local}${offset < 0 ? '-' : '+'}${hours}:${minutes}`;
}
