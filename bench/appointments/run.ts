import { type Figure, figure, median, pairedFigure, within } from '../figures.ts';
import {
  day,
  everyDay,
  firstDay,
  minute,
  type Practitioner,
  practitionersOfTheSpeciality,
  Stand,
  wholeWeek,
} from './stand.ts';

type Say = (text: string) => void;

const tableSizes = [1_000, 10_000, 100_000, 1_000_000];

/** The appointment service alone, on PostgreSQL: its search and its bookings, without gateway and sidecars. */
export async function measureAppointments(say: Say): Promise<Figure[]> {
  say('start ...');
  const stand = await Stand.start();
  try {
    const figures: Figure[] = [];
    say('search ...');
    figures.push(await measureOneAgenda(stand), await measureFirstFree(stand));
    say('booking ...');
    figures.push(...(await measureContention(stand)));
    say('growth ...');
    figures.push(await measureGrowth(stand, say));
    return figures;
  } finally {
    await stand.stop();
  }
}

/** 30 days of one practitioner with the hours of a usual week, and 200 appointments in them. */
async function measureOneAgenda(stand: Stand): Promise<Figure> {
  const [one] = stand.practitioners as [Practitioner];
  await stand.fill([one], 200, { days: 30 });
  await stand.setHours(one, 1, [
    { daysOfWeek: everyDay.slice(0, 5), startTime: '08:00', endTime: '12:00' },
    { daysOfWeek: everyDay.slice(0, 5), startTime: '14:00', endTime: '19:00' },
  ]);
  const search = () => stand.search({ practitionerId: one.id, appointmentTypeId: one.typeId });
  await stand.medianMs(search, 1_000); // until it is compiled, as in a service that has run for a while
  const rounds: number[] = [];
  for (let round = 0; round < 5; round += 1) {
    const before = await stand.timeSpent('/api/slots');
    await stand.medianMs(search, 100);
    const after = await stand.timeSpent('/api/slots');
    rounds.push((after.ms - before.ms) / (after.requests - before.requests));
  }
  await stand.setHours(one, 2, wholeWeek);
  return within('free slots of 30 days, 200 appointments in them, in the service', 'ms', median(rounds), 5);
}

/** The first free slot within 30 days of each of 200 practitioners, whose first days are full. */
async function measureFirstFree(stand: Stand): Promise<Figure> {
  await stand.fill(stand.practitioners.slice(1), 200, { days: 5 });
  const ms = await stand.medianMs(() => stand.search({ appointmentType: 'Consultation', first: 'true' }), 50);
  return within(`first free of 30 days, ${practitionersOfTheSpeciality} practitioners, median`, 'ms', ms, 150);
}

/** Requests answered a second when all want the same day of one practitioner, beside when nobody is in another's way. */
async function measureContention(stand: Stand): Promise<Figure[]> {
  const rounds = 5;
  const rates = { contended: [] as number[], alone: [] as number[] };
  const statuses = new Map<number, number>();
  for (let round = 0; round < rounds + 1; round += 1) {
    const [one] = stand.practitioners as [Practitioner];
    const contended = Array.from({ length: 640 }, (_, n) => ({ who: one, start: slotOf(40 + round, n % 40) }));
    const alone = Array.from({ length: 640 }, (_, n) => ({
      who: stand.practitioners[n % practitionersOfTheSpeciality] as Practitioner,
      start: slotOf(60 + round, Math.floor(n / practitionersOfTheSpeciality)),
    }));
    const [first, second] = [await stand.book(contended), await stand.book(alone)];
    if (round === 0) continue;
    rates.contended.push(first.rate);
    rates.alone.push(second.rate);
    for (const status of [...first.statuses, ...second.statuses]) statuses.set(status, (statuses.get(status) ?? 0) + 1);
  }
  const others = [...statuses].filter(([status]) => status !== 201 && status !== 409);
  const peer = { name: 'each another slot', value: median(rates.alone) };
  return [
    figure('bookings answered, 64 clients, one day', 'per second', median(rates.contended), peer, { atLeast: 0.6 }),
    within(
      'answers other than 201 and 409',
      '',
      others.reduce((sum, [, count]) => sum + count, 0),
      0.5,
    ),
  ];
}

/** The same search while ever more appointments of other times stand in the table, in turn with one that stays small. */
async function measureGrowth(stand: Stand, say: Say): Promise<Figure> {
  const [least = 0] = tableSizes;
  const small = await stand.beside('bench_appointment_small');
  try {
    await stand.sql.query('truncate appointment cascade');
    for (const each of [small, stand]) await each.fill(each.practitioners.slice(0, 1), 200, { days: 30 });
    await grow(small, 200, least);
    let rows = 200;
    let times = { small: [] as number[], large: [] as number[] };
    for (const size of tableSizes) {
      await grow(stand, rows, size);
      rows = size;
      times = { small: [], large: [] };
      for (let round = 0; round < 7; round += 1) {
        times.small.push(await searchMs(small));
        times.large.push(await searchMs(stand));
      }
      say(`  ${rows} appointments: ${median(times.large).toFixed(2)} ms, beside ${median(times.small).toFixed(2)} ms`);
    }
    const peer = { name: `with ${least}`, values: times.small };
    return pairedFigure(`search with ${rows} appointments`, 'ms', times.large, peer, { atMost: 1.5 });
  } finally {
    await small.stop();
  }
}

/** Ever further back: 40 a day of each practitioner, from the day before yesterday on. */
async function grow(stand: Stand, rows: number, size: number): Promise<void> {
  const each = Math.ceil((size - rows) / practitionersOfTheSpeciality);
  await stand.fill(stand.practitioners, each, {
    days: -Math.ceil(each / 40),
    from: firstDay - Math.ceil(rows / 8_000 + 5) * day,
  });
}

function searchMs(stand: Stand): Promise<number> {
  const [one] = stand.practitioners as [Practitioner];
  return stand.medianMs(() => stand.search({ practitionerId: one.id, appointmentTypeId: one.typeId }), 60);
}

/** A quarter of an hour of the working day, from 8:00 to 18:00. */
const slotOf = (dayOfRange: number, quarter: number): Date =>
  new Date(firstDay + dayOfRange * day + (8 * 60 + quarter * 15) * minute);
