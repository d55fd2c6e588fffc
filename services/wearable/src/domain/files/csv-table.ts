import { Unreadable } from '../errors.js';
import type { SourceReading } from '../reading.js';
import type { FileReader, PartOfFile, ReadPart } from './file-reader.js';

/** Columns, whose order and letter case do not matter; the last three may be left out. */
const columns = ['code', 'value', 'unit', 'effectiveAt', 'endAt', 'sourceId', 'typed'] as const;
type Column = (typeof columns)[number];
const required: readonly Column[] = ['code', 'value', 'unit', 'effectiveAt'];

const lineBytesMax = 16 * 1024;
/** A part of 4 MiB has 140,000 readings at most, so short is no line that says when and what. */
const linesMax = 200_000;

interface Context extends Record<string, unknown> {
  delimiter: string;
  header: (Column | null)[];
}

/** Reads a table line by line (RFC 4180; comma, semicolon or tab). No value of it has a line end, so neither has a line. */
export const csvTable: FileReader = {
  read({ bytes, isLast, context }: PartOfFile): ReadPart {
    const at = isLast ? bytes.length : bytes.lastIndexOf(0x0a) + 1;
    const rest = bytes.subarray(at);
    if (rest.length > lineBytesMax) throw new Unreadable('has a line that does not end');
    if (hasMoreLines(bytes.subarray(0, at))) throw new Unreadable('has lines that are too short for readings');
    const lines = decoded(bytes.subarray(0, at))
      .split(/\r?\n|\r/)
      .filter((line) => line.trim() !== '');
    if (lines.some(({ length }) => length > lineBytesMax)) throw new Unreadable('has a line that does not end');
    let known = isContext(context) ? context : undefined;
    if (!known && lines.length > 0) known = readHeader(lines.shift() as string);
    if (!known) {
      if (isLast) throw new Unreadable('is empty');
      return { readings: [], leftOut: [], rest: Buffer.from(rest), context };
    }
    const { delimiter, header } = known;
    const readings = lines.map((line) => toReading(header, valuesOf(line, delimiter)));
    return { readings, leftOut: [], rest: Buffer.from(rest), context: known };
  },
};

const isContext = (context: Record<string, unknown>): context is Context => Array.isArray(context.header);

/** Before any is made of them. */
function hasMoreLines(bytes: Buffer): boolean {
  let lines = 0;
  for (let at = 0; at < bytes.length && lines <= linesMax; at += 1)
    if (bytes[at] === 0x0a || (bytes[at] === 0x0d && bytes[at + 1] !== 0x0a)) lines += 1;
  return lines > linesMax;
}

function decoded(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Unreadable('is not UTF-8; save the file as "CSV UTF-8"');
  }
}

function readHeader(line: string): Context {
  const text = line.replace(/^\ufeff/, '');
  const delimiter = [',', ';', '\t'].find((each) => valuesOf(text, each).length >= required.length) ?? ',';
  const names = valuesOf(text, delimiter).map((name) => name.trim().toLowerCase());
  const header = names.map((name) => columns.find((column) => column.toLowerCase() === name) ?? null);
  const missing = required.filter((column) => !header.includes(column));
  if (missing.length > 0) throw new Unreadable(`lacks the columns ${missing.join(', ')} in its first line`);
  return { delimiter, header };
}

function valuesOf(line: string, delimiter: string): string[] {
  const values: string[] = [];
  for (let at = 0; at <= line.length; at += 1) {
    if (line[at] !== '"') {
      const next = line.indexOf(delimiter, at);
      const stop = next < 0 ? line.length : next;
      values.push(line.slice(at, stop));
      at = stop;
      continue;
    }
    let stop = at + 1;
    while (stop < line.length && (line[stop] !== '"' || line[stop + 1] === '"')) stop += line[stop] === '"' ? 2 : 1;
    values.push(line.slice(at + 1, stop).replaceAll('""', '"'));
    const next = line.indexOf(delimiter, stop);
    at = next < 0 ? line.length : next;
  }
  return values;
}

function toReading(header: Context['header'], values: string[]): SourceReading {
  const of = (column: Column) => values[header.indexOf(column)]?.trim() || undefined;
  return {
    code: of('code'),
    value: of('value'),
    unit: of('unit'),
    effectiveAt: of('effectiveAt'),
    endAt: of('endAt'),
    sourceId: of('sourceId'),
    flags: ['1', 'true', 'yes'].includes(of('typed')?.toLowerCase() ?? '') ? ['typed'] : undefined,
  };
}
