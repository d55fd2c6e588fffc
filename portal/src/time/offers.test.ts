import { describe, expect, it } from 'vitest';
import type { Slot } from '../api/types.ts';
import { offeredToPatients } from './offers.ts';

const now = Date.parse('2026-11-23T09:00:00Z');
const starts = ['2026-11-23T09:30:00Z', '2026-11-23T12:00:00Z', '2026-11-25T22:30:00Z', '2026-11-25T23:30:00Z'];
const slots = starts.map(
  (start): Slot => ({
    ...{ start, end: start, zone: 'Europe/Paris' },
    ...{ practitionerId: 'p', placeId: 'c', appointmentTypeId: 't' },
  }),
);
const offered = (rules: Parameters<typeof offeredToPatients>[1]) =>
  offeredToPatients(slots, rules, now).map(({ start }) => start);
const of = { appointmentTypeId: 't' };

describe('of free times, patients are offered', () => {
  it('all, where no rule says otherwise', () => {
    expect(offered(undefined)).toEqual(starts);
    expect(offered(of)).toEqual(starts);
  });

  it('none of a kind that staff alone book', () => {
    expect(offered({ ...of, bookableBy: 'staff' })).toEqual([]);
  });

  it('none before the notice that they have to give', () => {
    expect(offered({ ...of, noticeMinutes: 31 })).toEqual(starts.slice(1));
  });

  it('none beyond the last day that they may book, by the clock of the place', () => {
    expect(offered({ ...of, horizonDays: 2 })).toEqual(starts.slice(0, 3));
  });
});
