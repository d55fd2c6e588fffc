import { parentPort, workerData } from 'node:worker_threads';
import Holidays from 'date-holidays';
import type { HolidayAnswer } from './date-holidays.js';

interface Question {
  calendar: { country: string; region?: string };
  year: number;
}

const { calendar, year } = workerData as Question;
const { country, region } = calendar;

// A territory that has a list of its own is a country to the package (NC, PF), others are states of one (FR-RE).
function answer(): HolidayAnswer {
  const all = new Holidays();
  if (!Object.hasOwn(all.getCountries(), country)) return undefined;
  if (region !== undefined && !Object.hasOwn(all.getStates(country) ?? {}, region)) return undefined;
  const days = new Holidays(country, region ?? '').getHolidays(year);
  return days.filter(({ type }) => type === 'public').map(({ date, name }) => [date.slice(0, 10), name]);
}

parentPort?.postMessage(answer());
