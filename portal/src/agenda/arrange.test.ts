import { expect, it } from 'vitest';
import type { Appointment } from '../api/types.ts';
import { arrange, hoursOf } from './arrange.ts';

const day = '2026-11-23';

/** @param from and to by the clock in Paris, in winter */
const appointment = (id: string, from: string, to: string, status: Appointment['status'] = 'booked') =>
  ({ id, start: `${day}T${from}:00+01:00`, end: `${day}T${to}:00+01:00`, zone: 'Europe/Paris', status }) as Appointment;

const placesOf = (appointments: Appointment[]) =>
  arrange(appointments, day).map(({ appointment: { id }, from, to, lane, lanes }) => [id, from, to, lane, lanes]);

it('puts those side by side that overlap, and gives all others the whole column', () => {
  const all = [
    appointment('c', '10:00', '10:30'),
    appointment('a', '09:00', '09:30'),
    appointment('b', '09:15', '09:45'),
    appointment('d', '09:30', '10:00'),
  ];
  expect(placesOf(all)).toEqual([
    ['a', 540, 570, 0, 2],
    ['b', 555, 585, 1, 2],
    ['d', 570, 600, 0, 2],
    ['c', 600, 630, 0, 1],
  ]);
});

it('leaves out what takes no time any more, and shows all hours in which something is', () => {
  const early = arrange([appointment('a', '06:30', '07:00')], day);
  expect(placesOf([appointment('x', '09:00', '09:30', 'cancelled')])).toEqual([]);
  expect([hoursOf([early]), hoursOf([[]])]).toEqual([
    [6, 19],
    [8, 19],
  ]);
});

it('draws what lasts while the clock is put back as long as it is', () => {
  const [start, end] = ['2026-10-25T00:30:00Z', '2026-10-25T01:00:00Z'];
  const visit = { ...appointment('a', '00:00', '00:00'), start, end };
  expect(arrange([visit], '2026-10-25')).toMatchObject([{ from: 150, to: 180 }]);
  // What has ended at midnight is of the day before.
  const [late, midnight] = ['2026-11-22T22:30:00Z', '2026-11-22T23:00:00Z'];
  expect(placesOf([{ ...visit, start: late, end: midnight }])).toEqual([]);
});
