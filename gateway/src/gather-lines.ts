import type { Lines } from '@cabinet/kit/observe/log';
import { pino } from 'pino';

/** What a pipe takes at once; each write wakes whoever reads, and on few cores takes the processor from us. */
const gatheredMax = 64 * 1024;

/**
 * Stdout, to which lines are written together, at the latest after a tenth of a second and at the end of the process: for a
 * process with thousands of lines a second, each of which would cost a system call.
 */
export function gatherLines(): Lines {
  // The destination could gather by itself, but counts all that it holds anew with each line.
  const stdout = pino.destination({ dest: 1, sync: false, maxLength: 16 * 1024 * 1024 });
  let gathered = '';
  const pass = () => {
    if (gathered !== '') stdout.write(gathered);
    gathered = '';
  };
  setInterval(pass, 100).unref();
  process.once('exit', () => {
    pass();
    stdout.flushSync();
  });
  return {
    write(line) {
      gathered += line;
      if (gathered.length >= gatheredMax) pass();
    },
  };
}
