import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { hearClock, now, today } from './server-clock.ts';

const here = Date.parse('2026-11-23T10:00:00Z');
const minute = 60_000;
/** Of the second that may have passed since the one that was told. */
const half = 500;

beforeEach(() => void vi.useFakeTimers({ now: here, toFake: ['Date'] }));
afterEach(() => {
  hear(0);
  vi.useRealTimers();
});

/** An answer that says a time so many milliseconds after that of the clock here. */
const hear = (laterMs: number, headers: Record<string, string> = { 'cache-control': 'no-store' }, waitedMs = 0) =>
  hearClock(
    new Response('', { headers: { date: new Date(Date.now() + laterMs).toUTCString(), ...headers } }),
    Date.now() - waitedMs,
  );

describe('the time', () => {
  it('is that of the practice where the clock here is wrong, and goes on by itself', () => {
    hear(-26 * 60 * minute);
    expect([now() - here, today()]).toEqual([-26 * 60 * minute + half, '2026-11-22']);
    vi.setSystemTime(here + minute);
    expect(now() - here).toBe(minute - 26 * 60 * minute + half);
  });

  it('is that of the clock here while nothing else was heard, or as good as the same', () => {
    for (const laterMs of [0, -900, 4_000]) {
      hear(laterMs);
      expect(now()).toBe(Date.now());
    }
    // Of an answer that took long it is not known when on its way it was given.
    hear(-14_000, undefined, 10_000);
    expect(now()).toBe(Date.now());
  });

  it('is right again as soon as the clock is', () => {
    hear(10 * minute);
    hear(0);
    expect(now()).toBe(Date.now());
  });

  it.each([
    ['may have been kept', {}],
    ['was kept', { 'cache-control': 'no-store', age: '600' }],
    ['says none', { 'cache-control': 'no-store', date: 'yesterday' }],
  ])('is not heard from an answer that %s', (_what, headers) => {
    hear(10 * minute, headers);
    expect(now()).toBe(Date.now());
  });

  it('does not swing with the way of answers', () => {
    hear(10 * minute);
    const before = now();
    hear(10 * minute + 1_500);
    expect(now()).toBe(before);
  });
});
