import { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { DomainError, type FieldError, InvalidInput } from '@cabinet/kit/errors';
import { hasControlCharacter, tidyText } from '@cabinet/kit/text';
import { CsvError, type Info, parse } from 'csv-parse';

/** Column names as the file's header must have them; their order and letter case do not matter. */
export interface CsvColumns {
  required: readonly string[];
  optional?: readonly string[];
}

export interface CsvRow {
  /** Where the row begins in the file; the header is line 1 unless blank lines stand before it. */
  line: number;
  /** Tidied values by column name; a column that the file does not have is ''. */
  cells: Record<string, string>;
  /** The values as they stand in the file, but for the apostrophe that keeps a spreadsheet from running them. */
  raw: string[];
  /** What is wrong whatever the row means: too many or too few values, control characters, huge values. */
  problems: FieldError[];
}

export interface CsvTable {
  delimiter: string;
  header: string[];
  rows: CsvRow[];
}

/** In the file of refused lines this column says why; it is ignored when the file comes back. */
export const problemColumn = 'problem';

const linesMax = 50_000;
/** Characters of a line, far above those of any row that an import takes. */
const lineLengthMax = 65_536;
const columnsMax = 200;
const cellLengthMax = 2_000;
/** Rows after which others have their turn. */
const rowsAtOnce = 1_000;
const delimiters = [',', ';', '\t'];

/** What Excel reads, and may write, before the header. */
const declaredDelimiter = /^"?sep=([,;\t])"?[^\S\t\n]*\n/i;

/**
 * Reads a whole CSV text (RFC 4180; comma, semicolon or tab, `sep=` before the header; any line ends; blank lines skipped).
 * @throws 422 when the header lacks, repeats or invents a column, a quote is never closed, or a line has more than 65,536
 *   characters or 200 values, 413 above 50,000 lines.
 */
export async function readCsv(text: string, columns: CsvColumns): Promise<CsvTable> {
  // One kind of line end, or the parser counts the two characters of CRLF within quotes as two lines.
  const lines = text.replace(/^\ufeff/, '').replace(/\r\n?/g, '\n');
  assertNoLineTooLong(lines);
  const declared = declaredDelimiter.exec(lines)?.[1];
  const delimiter = declared ?? findDelimiter(lines, columns);
  // An empty line in its place, for the lines are counted.
  const records = await readRecords(lines.replace(declaredDelimiter, '\n'), delimiter);
  const first = records.shift();
  if (!first) throw headerError([{ path: 'header', code: 'MISSING_HEADER', message: 'the file is empty' }]);
  const header = readHeader(first.values, columns);
  const rows: CsvRow[] = [];
  for (const record of records) {
    rows.push(toRow(record, header, columns));
    if (rows.length % rowsAtOnce === 0) await nextTurn();
  }
  return { delimiter, header, rows };
}

/** Before anything looks into the line: what is in it, nobody needs to know. */
function assertNoLineTooLong(text: string): void {
  for (let line = 1, from = 0; from < text.length; line += 1) {
    const next = text.indexOf('\n', from);
    const end = next < 0 ? text.length : next;
    if (end - from > lineLengthMax) throw lineTooLong(line);
    from = end + 1;
  }
}

interface CsvRecord {
  line: number;
  values: string[];
}

async function readRecords(text: string, delimiter: string): Promise<CsvRecord[]> {
  let lastLine = 0;
  const parser = parse({
    delimiter,
    info: true,
    on_record: (record: string[], { lines }) => {
      lastLine = lines;
      return record;
    },
    record_delimiter: '\n',
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    max_record_size: 100_000,
  });
  const records: CsvRecord[] = [];
  try {
    for await (const { record, info } of Readable.from(slicesOf(text)).pipe(parser) as AsyncIterable<{
      record: string[];
      info: Info;
    }>) {
      const line = () => info.lines - record.reduce((sum, value) => sum + value.split('\n').length - 1, 0);
      if (record.length > columnsMax) throw tooManyColumns(line());
      if (record.every((value) => value.trim() === '')) continue;
      records.push({ line: line(), values: record });
      if (records.length > linesMax + 1) throw tooManyLines();
    }
  } catch (error) {
    if (error instanceof CsvError) throw malformed(error, lastLine + 1);
    throw error;
  }
  return records;
}

/** A long file must not keep other requests waiting. */
async function* slicesOf(text: string): AsyncGenerator<string> {
  for (let from = 0; from < text.length; from += 65_536) {
    yield text.slice(from, from + 65_536);
    await nextTurn();
  }
}

/** The delimiter that finds the most known columns in the first line with any text. */
function findDelimiter(text: string, columns: CsvColumns): string {
  const firstLine = /\S.*/.exec(text)?.[0] ?? '';
  const known = (delimiter: string) =>
    firstLine.split(delimiter, columnsMax).filter((name) => canonicalName(name.replaceAll('"', ''), columns)).length;
  return delimiters.reduce((best, each) => (known(each) > known(best) ? each : best));
}

const namesOf = ({ required, optional = [] }: CsvColumns) => [...required, ...optional, problemColumn];

const canonicalName = (name: string, columns: CsvColumns) =>
  namesOf(columns).find((known) => known.toLowerCase() === tidyText(name).toLowerCase());

function readHeader(values: string[], columns: CsvColumns): string[] {
  const problems: FieldError[] = [];
  const seen = new Set<string>();
  const header = values.map((value) => {
    const name = canonicalName(value, columns);
    const path = (name ?? value.trim().slice(0, 50)).replace(/\p{C}/gu, '?') || 'header';
    if (!name) problems.push({ path, code: 'UNKNOWN_COLUMN', message: 'is not a column of this import' });
    else if (seen.has(name)) problems.push({ path, code: 'DUPLICATE_COLUMN', message: 'stands in the header twice' });
    seen.add(name ?? value);
    return name ?? value;
  });
  for (const name of columns.required) {
    if (!seen.has(name)) problems.push({ path: name, code: 'MISSING_COLUMN', message: 'is missing from the header' });
  }
  if (problems.length > 0) throw headerError(problems, columns);
  return header;
}

function toRow({ line, values }: CsvRecord, header: string[], columns: CsvColumns): CsvRow {
  const raw = values.map(unguarded);
  const cells: Record<string, string> = {};
  for (const name of namesOf(columns)) cells[name] = '';
  const problems: FieldError[] = [];
  if (values.length !== header.length) {
    const message = `has ${values.length} values, the header has ${header.length}`;
    problems.push({ path: 'line', code: 'COLUMN_COUNT', message });
  }
  header.forEach((name, index) => {
    const value = raw[index] ?? '';
    const isText = !hasControlCharacter(value);
    if (name !== problemColumn && !isText) {
      problems.push({ path: name, code: 'CONTROL_CHARACTER', message: 'has a control character' });
    }
    if (name !== problemColumn && value.length > cellLengthMax) {
      problems.push({ path: name, code: 'TOO_LONG', message: `has more than ${cellLengthMax} characters` });
    }
    cells[name] = isText ? tidyText(value) : value;
  });
  return { line, cells, raw, problems };
}

/**
 * Writes values so that `readCsv` reads the same again, and no spreadsheet takes one for a formula: an apostrophe stands
 * before what one would run (OWASP, CSV Injection), and is taken off when it is read.
 */
export function writeCsv(rows: string[][], delimiter: string): string {
  const quote = (value: string) =>
    value.includes(delimiter) || /["\n\r]|^\s|\s$/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
  return rows.map((row) => `${row.map((value) => quote(guarded(value))).join(delimiter)}\r\n`).join('');
}

const runnable = /^'*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;

// One apostrophe more than there was, whatever there was, so that each reading takes off what the writing put there.
const guarded = (value: string): string => (runnable.test(value) ? `'${value}` : value);
const unguarded = (value: string): string => (value.startsWith("'") && runnable.test(value) ? value.slice(1) : value);

const headerError = (fields: FieldError[], columns?: CsvColumns) =>
  new DomainError('invalid', 'IMPORT.HEADER', 'The header is not that of this import', {
    fields,
    detail: columns && `The columns are ${namesOf(columns).join(', ')}; required are ${columns.required.join(', ')}.`,
  });

function malformed(error: CsvError, line: number): DomainError {
  const message =
    error.code === 'CSV_MAX_RECORD_SIZE' || error.code === 'CSV_QUOTE_NOT_CLOSED'
      ? 'a quotation mark that opens here is never closed'
      : 'cannot be read as CSV (RFC 4180)';
  return new InvalidInput(
    [{ path: `line ${line}`, code: 'MALFORMED_CSV', message }],
    'IMPORT.MALFORMED',
    'The file is not CSV',
  );
}

const tooManyColumns = (line: number) =>
  new InvalidInput(
    [{ path: `line ${line}`, code: 'TOO_MANY_COLUMNS', message: `has more than ${columnsMax} values` }],
    'IMPORT.TOO_MANY_COLUMNS',
    'A line of the file has too many values',
  );

const lineTooLong = (line: number) =>
  new InvalidInput(
    [{ path: `line ${line}`, code: 'LINE_TOO_LONG', message: `has more than ${lineLengthMax} characters` }],
    'IMPORT.LINE_TOO_LONG',
    'A line of the file is too long',
  );

const tooManyLines = () =>
  new DomainError('too-large', 'IMPORT.TOO_MANY_LINES', `The file has more than ${linesMax} lines`, {
    detail: 'Split it; importing a part twice creates nothing twice.',
  });
