import { Worker } from 'node:worker_threads';
import { LRUCache } from 'lru-cache';
import type { PublicHolidays } from '../../domain/schedule/ports.js';
import type { HolidayCalendar } from '../../domain/schedule/schedule.js';

type Calendar = Pick<HolidayCalendar, 'country' | 'region'>;
type Days = ReadonlyMap<string, string>;

/**
 * The public holidays that the date-holidays package knows. It and its tables would take thirty megabytes for good, so a
 * thread of its own reads them and ends; what it found of a year is kept.
 */
export class DateHolidays implements PublicHolidays {
  private readonly known = new LRUCache<string, Promise<Days | undefined>>({ max: 1_000 });

  of({ country, region }: Calendar, year: number): Promise<Days | undefined> {
    const key = `${country} ${region ?? ''} ${year}`;
    const found = this.known.get(key) ?? read({ country, region }, year);
    this.known.set(key, found);
    found.catch(() => this.known.delete(key));
    return found;
  }
}

/** What the thread answers: dates with names, or nothing for a country or region that it does not know. */
export type HolidayAnswer = [date: string, name: string][] | undefined;

// Built also when this file itself is run as it was written.
const thread = new URL('../../../dist/data/schedule/date-holidays-thread.js', import.meta.url);

function read(calendar: Calendar, year: number): Promise<Days | undefined> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(thread, {
      workerData: { calendar, year },
    });
    worker.once('message', (answer: HolidayAnswer) => resolve(answer && new Map(answer)));
    worker.once('error', reject);
    worker.once('exit', () => reject(new Error('the thread that reads public holidays ended without an answer')));
  });
}
