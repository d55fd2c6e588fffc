import { describe, expect, it } from 'vitest';
import type { Appointment, Slot } from '../api/types.ts';
import { arrange } from './arrange.ts';
import { nearestTo, neighbourOf, type Stop, timelineOf } from './timeline.ts';

const day = '2026-11-23';
const at = (time: string) => `${day}T${time}:00+01:00`;

/** @param from and to by the clock in Paris, in winter */
const appointment = (id: string, from: string, to: string) =>
  ({ id, start: at(from), end: at(to), zone: 'Europe/Paris', status: 'booked' }) as Appointment;
const slot = (from: string, to: string) => ({ start: at(from), end: at(to), zone: 'Europe/Paris' }) as Slot;

const clock = (minutes: number) => `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`;
const say = (stops: Stop[]) =>
  stops.map((stop) => {
    const open =
      stop.kind === 'gap' ? ` ${stop.isOpen === undefined ? 'unknown' : stop.isOpen ? 'open' : 'closed'}` : '';
    return `${clock(stop.from)}-${clock(stop.to)} ${stop.kind}${open}`;
  });

const morning = { from: 8 * 60, to: 13 * 60 };

describe('the timeline of a column', () => {
  it('has no hole: who comes, what is free, what is open and not offered, and what is closed', () => {
    const placed = arrange([appointment('a', '09:30', '10:00')], day);
    const free = [slot('09:00', '09:30'), slot('10:00', '10:30')];
    expect(say(timelineOf({ id: 'p', placed, free, open: [{ from: 540, to: 720 }] }, morning))).toEqual([
      '8:00-9:00 gap closed',
      '9:00-9:30 free',
      '9:30-10:00 appointment',
      '10:00-10:30 free',
      '10:30-12:00 gap open',
      '12:00-13:00 gap closed',
    ]);
  });

  it('says of nothing that it is closed or free while that is not known', () => {
    const placed = arrange([appointment('a', '09:30', '10:00')], day);
    expect(say(timelineOf({ id: 'p', placed }, morning))).toEqual([
      '8:00-9:30 gap unknown',
      '9:30-10:00 appointment',
      '10:00-13:00 gap unknown',
    ]);
  });

  it('ends a free time where the next begins, and shows none that is too small to be hit', () => {
    const free = ['09:00', '09:10', '09:20', '09:30', '09:40'].map((from) => slot(from, '10:00'));
    const stops = timelineOf({ id: 'p', placed: [], free, open: [] }, { from: 540, to: 600 });
    expect(say(stops)).toEqual(['9:00-9:20 free', '9:20-9:40 free', '9:40-10:00 free']);
  });

  it('shows both times that the clock shows alike, in the night in which it is put back', () => {
    const night = (start: string, end: string) => ({ start, end, zone: 'Europe/Paris' }) as Slot;
    const free = [
      night('2026-10-25T02:00:00+02:00', '2026-10-25T02:30:00+02:00'),
      night('2026-10-25T02:30:00+02:00', '2026-10-25T02:00:00+01:00'),
      night('2026-10-25T02:00:00+01:00', '2026-10-25T02:30:00+01:00'),
      night('2026-10-25T02:30:00+01:00', '2026-10-25T03:00:00+01:00'),
    ];
    const stops = timelineOf({ id: 'p', placed: [], free, open: [] }, { from: 120, to: 180 });
    expect(say(stops)).toEqual(['2:00-2:30 free', '2:00-2:30 free', '2:30-3:00 free', '2:30-3:00 free']);
    expect(stops.map((stop) => stop.kind === 'free' && stop.turn)).toEqual(['first', 'second', 'first', 'second']);
    expect(new Set(stops.map(({ key }) => key)).size).toBe(4);
  });

  it('knows of a free time at which others come already: a group', () => {
    const placed = arrange([appointment('a', '09:00', '10:00')], day);
    const [first, second] = timelineOf(
      { id: 'p', placed, free: [slot('09:00', '10:00')], open: [] },
      { from: 540, to: 600 },
    );
    expect([first?.kind, second]).toMatchObject(['appointment', { kind: 'free', isBeside: true }]);
  });

  it('holds appointments outside the hours that are shown, and closes nothing twice', () => {
    const placed = arrange([appointment('a', '07:30', '08:30')], day);
    expect(say(timelineOf({ id: 'p', placed, open: [] }, { from: 480, to: 540 }))).toEqual([
      '7:30-8:30 appointment',
      '8:30-9:00 gap closed',
    ]);
  });
});

describe('arrows', () => {
  const columns = [
    timelineOf({ id: 'p', placed: arrange([appointment('a', '09:00', '09:30')], day), open: [] }, morning),
    [],
    timelineOf({ id: 'q', placed: arrange([appointment('b', '08:45', '09:15')], day), open: [] }, morning),
  ];
  const led = (key: string, arrow: string) => neighbourOf(columns, key, arrow)?.key;

  it('lead down and up a column, and to its ends', () => {
    expect(led('gap p 480', 'ArrowDown')).toBe('a');
    expect(led('a', 'ArrowUp')).toBe('gap p 480');
    expect(led('gap p 480', 'ArrowUp')).toBeUndefined();
    expect([led('a', 'Home'), led('a', 'End')]).toEqual(['gap p 480', 'gap p 570']);
    expect(led('a', 'x')).toBeUndefined();
  });

  it('lead across to what is at the same time, over empty columns', () => {
    expect(led('a', 'ArrowRight')).toBe('b');
    expect(led('b', 'ArrowLeft')).toBe('gap p 480');
    expect(led('a', 'ArrowLeft')).toBeUndefined();
  });
});

it('finds what is at a time, or else what begins nearest to it', () => {
  const stops = timelineOf({ id: 'p', placed: arrange([appointment('a', '09:00', '09:30')], day) }, morning);
  expect([550, 20].map((minutes) => nearestTo(stops, minutes)?.key)).toEqual(['a', 'gap p 480']);
  expect(nearestTo([], 550)).toBeUndefined();
});
