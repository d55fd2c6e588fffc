import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { idleSeconds, noteBegin, noteLeft, noteTouch, secondsLeft } from './touches.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  localStorage.clear();
  vi.useRealTimers();
});

const minutesPass = (minutes: number) => vi.setSystemTime(Date.now() + minutes * 60_000);

it('counts from the last touch, and a page that is renewed by itself is none', () => {
  noteBegin('s');
  minutesPass(20);
  noteBegin('s');
  expect(secondsLeft('s')).toBe(10 * 60);
  noteTouch('s');
  expect(secondsLeft('s')).toBe(idleSeconds);
  minutesPass(31);
  expect(secondsLeft('s')).toBeLessThanOrEqual(0);
});

it('says nothing of a session that begins later', () => {
  noteLeft('s');
  expect(secondsLeft('s')).toBeLessThanOrEqual(0);
  expect(secondsLeft('next')).toBe(idleSeconds);
});

it('is not stopped by what stands in its place that it did not write', () => {
  localStorage.setItem('cabinet.touched', '{');
  expect(secondsLeft('s')).toBe(idleSeconds);
  noteTouch('s');
  minutesPass(1);
  expect(secondsLeft('s')).toBe(idleSeconds - 60);
});
