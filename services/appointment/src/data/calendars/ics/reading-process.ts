import { createContext, Script } from 'node:vm';
import { CalendarFailure } from '../../../domain/calendars/failures.js';
import type { Answer, Question } from './isolated-reader.js';
import { type IcsOptions, type IcsReading, readIcs } from './read-ics.js';

/** The process in which texts of strangers are read, one after the other. Whoever started it ends it. */
const msMax = Number(process.argv[2]);

/** Most practices have no CalDAV, and what reads XML is large. */
let readMultiStatus: typeof import('../caldav/dav-xml.js').readMultiStatus;

function read(question: Question): Answer {
  try {
    if (question.kind === 'multistatus') return { read: readMultiStatus(question.of) };
    const { texts, options } = question.of;
    return { read: texts.map((text) => (options.isPart ? readPart(text, options) : readIcs(text, options))) };
  } catch (error) {
    if (error instanceof CalendarFailure) return { failure: error.code };
    return { defect: withoutText(error) };
  }
}

function readPart(text: string, options: IcsOptions): IcsReading {
  try {
    return readIcs(text, options);
  } catch (error) {
    if (!(error instanceof CalendarFailure) || error.code !== 'CALENDAR.UNREADABLE') throw error;
    return { busy: [], problems: [{ code: 'CALENDAR.EVENT_UNREADABLE', count: 1 }] };
  }
}

/** Where it was thrown; what it says may quote what was read. */
function withoutText(error: unknown): string {
  const { name, stack = '' } = error as Error;
  return [name, ...stack.split('\n').filter((line) => /^ {4}at /.test(line))].slice(0, 6).join('\n');
}

// Whoever asked may have died, and a loop does not notice: it is ended from within as well.
const bounded = new Script('answer()');
const context = createContext({});

process.on('message', async (question: Question) => {
  if (question.kind === 'multistatus') ({ readMultiStatus } = await import('../caldav/dav-xml.js'));
  context.answer = () => read(question);
  process.send?.(bounded.runInContext(context, { timeout: msMax * 1.5 }));
});
// Who stops a whole group of processes stops this one by the service.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);
process.send?.('ready');
