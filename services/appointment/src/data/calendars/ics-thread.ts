import { parentPort, workerData } from 'node:worker_threads';
import { CalendarFailure } from '../../domain/calendars/failures.js';
import type { IcsAnswer, IcsQuestion } from './ics-threads.js';
import { type IcsOptions, type IcsReading, readIcs } from './read-ics.js';

function answer({ texts, options }: IcsQuestion): IcsAnswer {
  const readings: IcsReading[] = [];
  try {
    for (const text of texts) readings.push(options.isPart ? readPart(text, options) : readIcs(text, options));
    return { readings };
  } catch (error) {
    if (error instanceof CalendarFailure) return { failure: error.code };
    throw error;
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

parentPort?.postMessage(answer(workerData as IcsQuestion));
