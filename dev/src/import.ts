import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { workTree } from '../cache.mjs';
import { ApiClient } from './api-client.ts';
import { writeWhole } from './home.ts';
import { Platform } from './platform.ts';
import { Problem } from './problem.ts';
import { readProcesses } from './processes.ts';
import { seededPassword } from './seed/index.ts';

/** Whether an operation takes a table of lines, and not the files of some device. */
function takesCsv(service: string, path: string): boolean {
  const { paths } = JSON.parse(readFileSync(join(workTree, 'services', service, 'openapi.json'), 'utf8'));
  return 'text/csv' in paths[path].post.requestBody.content;
}

/** What can be imported, by the last part but one of the operation that takes it: `/api/patients/import`. */
export const tableImports = new Map(
  readProcesses().flatMap(({ name, imports }) =>
    imports.filter((path) => takesCsv(name, path)).map((path) => [path.split('/').at(-2) ?? '', path] as const),
  ),
);
const usage = `usage: npm run import -- ${[...tableImports.keys()].join('|')} FILE.csv [--charset NAME] [--dry-run] [--json] [--url GATEWAY]\nnpm run import -- --help says more.`;

interface Report {
  dryRun: boolean;
  lines: { total: number; created: number; unchanged: number; refused: number };
  refused: { line: number; field: string; code: string; reason: string }[];
  warnings: { line: number; field: string; message: string }[];
  refusedCsv: string;
}

/**
 * Sends a file to the import of its kind as an admin (CABINET_EMAIL and CABINET_PASSWORD, else the seeded one), shows
 * what became of each line, and writes the refused lines to FILE.refused.csv, to be corrected and imported again.
 * @returns the exit code: 0 when every line was taken, 1 when some were refused
 */
export async function importFile(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      'dry-run': { type: 'boolean', default: false },
      /** Of a file that is not UTF-8, as spreadsheets on Windows write them: `windows-1252`. */
      charset: { type: 'string' },
      json: { type: 'boolean', default: false },
      url: { type: 'string' },
    },
  });
  const [kind = '', file = ''] = positionals;
  const operation = tableImports.get(kind);
  if (!operation || !file) throw new Problem(usage);
  const csv = read(file);
  const admin = await ApiClient.signIn(
    values.url ?? runningGateway(),
    process.env.CABINET_EMAIL ?? 'admin@cabinet.test',
    process.env.CABINET_PASSWORD ?? seededPassword,
  );
  const report: Report = await admin
    .sendCsv(`${operation}?dryRun=${values['dry-run']}`, csv, values.charset)
    .catch(inOurWords);
  if (values.json) console.log(JSON.stringify(report, null, 2));
  else show(report, kind);
  if (report.refusedCsv && !report.dryRun) {
    const refusedFile = `${file.replace(/\.csv$/i, '').replace(/\.refused$/, '')}.refused.csv`;
    // They are about people: nobody else reads them.
    writeWhole(refusedFile, report.refusedCsv, 0o600);
    if (!values.json) console.log(`\nThe refused lines are in ${refusedFile}: correct them there and import it.`);
  }
  return report.lines.refused > 0 ? 1 : 0;
}

function read(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Problem(code === 'ENOENT' ? `There is no file ${file}.` : `${file} cannot be read: ${code}.`);
  }
}

/** What the practice advises to say in a header is an option here. */
function inOurWords(error: Error): never {
  if (!(error instanceof Problem)) throw error;
  throw new Problem(error.message.replace('Content-Type: text/csv; charset=', '--charset '));
}

function runningGateway(): string {
  const platform = Platform.running();
  if (!platform?.isReady)
    throw new Problem('Cabinet is not running: npm run up starts it, --url names another gateway.');
  return platform.url('gateway');
}

function show({ dryRun, lines, refused, warnings }: Report, kind: string): void {
  const would = dryRun ? 'would be ' : '';
  console.log(`${kind}: ${lines.total} lines`);
  const counts = [
    [`${would}created`, lines.created],
    ['there before', lines.unchanged],
    [`${would}refused`, lines.refused],
  ] as const;
  for (const [what, count] of counts) console.log(`  ${what.padEnd(16)} ${count}`);
  for (const { line, field, reason } of refused) console.log(`line ${line}: ${field}: ${reason}`);
  for (const { line, field, message } of warnings) console.log(`line ${line}: warning: ${field}: ${message}`);
}
