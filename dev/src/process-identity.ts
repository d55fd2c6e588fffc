import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';

/** A process as it can be recognised later: a pid alone may have been given to a stranger since. */
export interface ProcessIdentity {
  pid: number;
  /** When it started, in the system's own words; only equality means anything. */
  startedAt: string;
}

/** Every process of a platform carries this variable with the platform's folder, so that it can be told from a stranger. */
export const homeMarker = 'CABINET_RUNS_IN';

/** Undefined when no such process lives (a zombie counts as gone). */
export function identify(pid: number): ProcessIdentity | undefined {
  const startedAt = process.platform === 'linux' ? startInProc(pid) : startInPs(pid);
  return startedAt ? { pid, startedAt } : undefined;
}

export function isAlive(known: ProcessIdentity): boolean {
  return identify(known.pid)?.startedAt === known.startedAt;
}

/** Sends a signal only to the very process that was recorded. Returns false when it is gone. */
export function signal(known: ProcessIdentity, name: NodeJS.Signals): boolean {
  if (!isAlive(known)) return false;
  try {
    return process.kill(known.pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}

/** Resident memory of a process in bytes; 0 when it is gone or the system does not say. */
export function residentBytes(pid: number): number {
  return kibibytes(`/proc/${pid}/status`, /^VmRSS:\s+(\d+)/m) * 1024;
}

/**
 * The same together with the processes it started; a page that several of those share (PostgreSQL has many alike)
 * counts once.
 */
export function residentBytesWithChildren(pid: number): number {
  const started = descendants(pid).map((each) => kibibytes(`/proc/${each}/smaps_rollup`, /^Pss:\s+(\d+)/m));
  return started.reduce((sum, each) => sum + each * 1024, residentBytes(pid));
}

function descendants(pid: number): number[] {
  const children = textOf(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean).map(Number);
  return children.flatMap((child) => [child, ...descendants(child)]);
}

function kibibytes(file: string, pattern: RegExp): number {
  return Number(pattern.exec(textOf(file))?.[1] ?? 0);
}

/** Empty when the process is gone, or is not ours to look at. */
function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** What a person would call the process: "node dist/main.js", "postgres". */
export function commandName(pid: number): string {
  const [program = '', ...args] = textOf(`/proc/${pid}/cmdline`).split('\0');
  const script = args.find((arg) => arg && !arg.startsWith('-'));
  return [basename(program), basename(program) === 'node' && script].filter(Boolean).join(' ') || 'a process';
}

/** A variable of another process's environment; undefined when it has none or the system does not tell. */
export function variableOf(pid: number, name: string): string | undefined {
  const entries = textOf(`/proc/${pid}/environ`).split('\0');
  return entries.find((entry) => entry.startsWith(`${name}=`))?.slice(name.length + 1);
}

function startInProc(pid: number): string | undefined {
  // The command name, in brackets, may hold spaces and brackets: count the fields after the last one.
  const fields = textOf(`/proc/${pid}/stat`)
    .replace(/^.*\) /s, '')
    .split(' ');
  return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19];
}

function startInPs(pid: number): string | undefined {
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || undefined;
  } catch {
    return undefined;
  }
}
