import { Worker } from 'node:worker_threads';
import { CalendarFailure, type CalendarFailureCode } from '../../domain/calendars/failures.js';
import type { IcsOptions, IcsReading } from './read-ics.js';

export interface IcsQuestion {
  texts: string[];
  options: IcsOptions;
}

/** What the thread answers: what it read of each text, or why none can be read. */
export type IcsAnswer = { readings: IcsReading[]; failure?: undefined } | { failure: CalendarFailureCode };

// Built also when this file itself is run as it was written.
const thread = new URL('../../../dist/data/calendars/ics-thread.js', import.meta.url);

const msMax = 20_000;
const megabytesMax = 192;

/**
 * Reads calendars that strangers wrote, in a thread that can be ended: however odd a file is, it costs so much time and
 * memory, and no request waits for it.
 * @throws CalendarFailure for what is no calendar, or is too much
 */
export function readIcsApart(texts: string[], options: IcsOptions): Promise<IcsReading[]> {
  if (texts.length === 0) return Promise.resolve([]);
  return new Promise((resolve, reject) => {
    const worker = new Worker(thread, {
      workerData: { texts, options } satisfies IcsQuestion,
      resourceLimits: { maxOldGenerationSizeMb: megabytesMax },
    });
    const tooMuch = () => reject(new CalendarFailure('CALENDAR.TOO_MANY_EVENTS'));
    const deadline = setTimeout(() => {
      tooMuch();
      void worker.terminate();
    }, msMax);
    worker.once('message', (answer: IcsAnswer) =>
      answer.failure ? reject(new CalendarFailure(answer.failure)) : resolve(answer.readings),
    );
    worker.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? tooMuch() : reject(error),
    );
    worker.once('exit', () => {
      clearTimeout(deadline);
      reject(new Error('the thread that reads calendars ended without an answer'));
    });
  });
}
