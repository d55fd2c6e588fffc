import { DomainError, type FieldError, Unavailable } from '@cabinet/kit/errors';
import { type CsvTable, problemColumn, writeCsv } from './csv.js';

/** Why a line was left out. */
export interface RefusedField {
  /** Line in the file, counted from 1 with the header.
   * @isInt
   * @example 17 */
  line: number;
  /** The column concerned, or `line` when it is the line as a whole.
   * @example "birthDate" */
  field: string;
  /** Stable and machine-readable.
   * @example "NO_SUCH_DATE" */
  code: string;
  /** What is wrong, for people.
   * @example "must be a date that exists, as YYYY-MM-DD" */
  reason: string;
}

/** Something to look at in a line that was taken all the same. */
export interface LineWarning {
  /** Line in the file, counted from 1 with the header.
   * @isInt
   * @example 23 */
  line: number;
  /** The column concerned, or `line` when it is the line as a whole.
   * @example "rpps" */
  field: string;
  /** Stable and machine-readable.
   * @example "CHECK_DIGIT" */
  code: string;
  /** What to look at, for people.
   * @example "does not have the usual check digit; compare it with the card" */
  message: string;
}

/** How many lines with data there were, and what became of them: `total = created + unchanged + refused`. */
export interface LineCounts {
  /** @isInt
   * @example 2000 */
  total: number;
  /** New, and stored (with `dryRun`: would be).
   * @isInt
   * @example 1987 */
  created: number;
  /** Known before, or a repeat of an earlier line; nothing was changed.
   * @isInt
   * @example 11 */
  unchanged: number;
  /** @isInt
   * @example 2 */
  refused: number;
}

/** What an import did, line by line. */
export interface ImportReport {
  /** True when nothing was stored because only the report was asked for. */
  dryRun: boolean;
  lines: LineCounts;
  refused: RefusedField[];
  warnings: LineWarning[];
  /** The refused lines under the file's own header, with the reasons in a column `problem`: correct them there and
   * import it again as it is. It begins with a byte order mark, by which spreadsheets know UTF-8, and an apostrophe stands
   * before what they would run; both are ignored when it comes back. Empty when none was refused. */
  refusedCsv: string;
}

/** What became of one line. */
export interface LineOutcome {
  kind: 'created' | 'unchanged' | 'refused';
  /** The reasons, when refused. */
  fields?: FieldError[];
  warnings?: FieldError[];
}

export interface ImportSteps<T> {
  /** @throws a DomainError with `fields` when the line cannot be taken. */
  parse: (cells: Record<string, string>) => T;
  /**
   * Stores lines in one transaction (or with `dryRun` only finds out what it would do), and says for each what became
   * of it, in the same order.
   */
  store: (values: T[]) => Promise<LineOutcome[]>;
  dryRun: boolean;
  /** Lines a transaction. */
  batchSize?: number;
}

/**
 * Takes the good lines of a table in batches and reports the bad ones. Once lines were taken there is always a report: what
 * an outage keeps from being tried comes back with the refused lines.
 * @throws Unavailable (503) when nothing was tried yet
 */
export async function importLines<T>(table: CsvTable, steps: ImportSteps<T>): Promise<ImportReport> {
  const outcomes: LineOutcome[] = [];
  const batchSize = steps.batchSize ?? 500;
  while (outcomes.length < table.rows.length) {
    const from = outcomes.length;
    try {
      outcomes.push(...(await importBatch(table.rows.slice(from, from + batchSize), steps)));
    } catch (error) {
      if (from === 0 || !(error instanceof Unavailable)) throw error;
      const message = 'was not tried, since a service that is needed cannot be reached; import it again';
      const untried: LineOutcome = { kind: 'refused', fields: [{ path: 'line', code: error.code, message }] };
      outcomes.push(...table.rows.slice(from).map(() => untried));
    }
  }
  return toReport(table, outcomes, steps.dryRun);
}

async function importBatch<T>(rows: CsvTable['rows'], { parse, store }: ImportSteps<T>): Promise<LineOutcome[]> {
  const parsed = rows.map(({ cells, problems }) => parseLine(cells, problems, parse));
  const good = parsed.filter((line) => 'value' in line);
  const stored = good.length > 0 ? await store(good.map((line) => line.value)) : [];
  const outcomeOf = new Map(good.map((line, index) => [line, stored[index]]));
  return parsed.map((line) => {
    if (!('value' in line)) return { kind: 'refused', fields: line.fields };
    const outcome = outcomeOf.get(line);
    if (!outcome) throw new Error('store must say what became of each line');
    return outcome;
  });
}

type ParsedLine<T> = { value: T } | { fields: FieldError[] };

function parseLine<T>(
  cells: Record<string, string>,
  problems: FieldError[],
  parse: ImportSteps<T>['parse'],
): ParsedLine<T> {
  // With a value too many or too few, nobody knows which value belongs to which column.
  if (problems.some(({ path }) => path === 'line')) return { fields: problems };
  try {
    const value = parse(cells);
    return problems.length > 0 ? { fields: problems } : { value };
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const isNew = ({ path }: FieldError) => !problems.some((problem) => problem.path === path);
    return { fields: [...problems, ...reasonsOf(error).filter(isNew)] };
  }
}

const reasonsOf = ({ fields, code, detail, message }: DomainError): FieldError[] =>
  fields.length > 0 ? fields : [{ path: 'line', code, message: detail ?? message }];

function toReport(table: CsvTable, outcomes: LineOutcome[], dryRun: boolean): ImportReport {
  const count = (kind: LineOutcome['kind']) => outcomes.filter((outcome) => outcome.kind === kind).length;
  const lineOf = (index: number) => table.rows[index]?.line ?? 0;
  return {
    dryRun,
    lines: {
      total: outcomes.length,
      created: count('created'),
      unchanged: count('unchanged'),
      refused: count('refused'),
    },
    refused: outcomes.flatMap(({ fields = [] }, index) =>
      fields.map(({ path, code, message }) => ({ line: lineOf(index), field: path, code, reason: message })),
    ),
    warnings: outcomes.flatMap(({ warnings = [] }, index) =>
      warnings.map(({ path, code, message }) => ({ line: lineOf(index), field: path, code, message })),
    ),
    refusedCsv: toRefusedCsv(table, outcomes),
  };
}

function toRefusedCsv({ header, rows, delimiter }: CsvTable, outcomes: LineOutcome[]): string {
  const keep = header.map((name, index) => ({ name, index })).filter(({ name }) => name !== problemColumn);
  const lines = rows.flatMap(({ raw }, index) => {
    const outcome = outcomes[index];
    if (outcome?.kind !== 'refused') return [];
    const why = (outcome.fields ?? []).map(({ path, message }) => `${path}: ${message}`).join('; ');
    // Surplus values would push the reason out of its column; they are kept behind it.
    return [[...keep.map((column) => raw[column.index] ?? ''), why, ...raw.slice(header.length)]];
  });
  if (lines.length === 0) return '';
  return `\ufeff${writeCsv([[...keep.map(({ name }) => name), problemColumn], ...lines], delimiter)}`;
}
