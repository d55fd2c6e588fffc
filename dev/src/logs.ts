import { closeSync, existsSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Home } from './home.ts';
import { Problem } from './problem.ts';

/** The last lines of a log file. */
export function logTail(file: string, lines: number): string {
  if (!existsSync(file)) return '(no log)';
  const text = readFrom(file, Math.max(0, statSync(file).size - 256 * 1024)).text;
  return text.trimEnd().split('\n').slice(-lines).join('\n');
}

/** The end of a log as it fits into a message: few lines, none of them long. */
export function logExcerpt(file: string): string {
  const shorten = (line: string) => (line.length > 400 ? `${line.slice(0, 400)} ...` : line);
  return logTail(file, 8).split('\n').map(shorten).join('\n');
}

/** Names of all processes that have a log. */
export function loggedProcesses(home: Home): string[] {
  const folder = join(home.folder, 'logs');
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder).filter((file) => file.endsWith('.log'));
  return files.map((file) => basename(file, '.log')).sort();
}

/** Writes the end of one log, or of all with their names in front; with `follow`, goes on until `signal` aborts. */
export async function showLogs(
  home: Home,
  name: string | undefined,
  follow: boolean,
  signal: AbortSignal,
): Promise<void> {
  const known = loggedProcesses(home);
  if (name && !known.includes(name)) {
    throw new Problem(`no process "${name}" has a log; there are: ${known.join(', ') || 'none yet'}.`);
  }
  const names = name ? [name] : known;
  const offsets = new Map<string, number>();
  for (const each of names) {
    const file = home.log(each);
    const tail = logTail(file, name ? 200 : 10);
    write(tail ? `${tail}\n` : '', name ? '' : each);
    offsets.set(each, statSync(file).size);
  }
  while (follow && !signal.aborted) {
    await delay(300, undefined, { signal }).catch(() => undefined);
    for (const each of names) {
      const file = home.log(each);
      if (!existsSync(file)) continue;
      const from = offsets.get(each) ?? 0;
      const { text, next } = readFrom(file, statSync(file).size < from ? 0 : from);
      write(text, name ? '' : each);
      offsets.set(each, next);
    }
  }
}

function write(text: string, prefix: string): void {
  if (text === '') return;
  process.stdout.write(prefix ? text.replace(/^(?=.)/gm, `${prefix}: `) : text);
}

function readFrom(file: string, offset: number): { text: string; next: number } {
  const size = statSync(file).size;
  const length = Math.max(0, size - offset);
  if (length === 0) return { text: '', next: size };
  const buffer = Buffer.alloc(length);
  const descriptor = openSync(file, 'r');
  try {
    const read = readSync(descriptor, buffer, 0, length, offset);
    return { text: buffer.toString('utf8', 0, read), next: offset + read };
  } finally {
    closeSync(descriptor);
  }
}
