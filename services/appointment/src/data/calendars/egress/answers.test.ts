import { describe, expect, it } from 'vitest';
import { assertAnswered } from './answers.js';

const answered = (headers: Record<string, string>) => () =>
  assertAnswered({ status: 429, headers, body: '', url: new URL('http://calendars.example/') });
const date = 'Sun, 06 Nov 1994 08:49:37 GMT';

describe('how long a calendar server wants to be spared', () => {
  it.each([
    ['seconds', { 'retry-after': '90' }, 90_000],
    ['a date, by the clock of that server', { 'retry-after': 'Sun, 06 Nov 1994 08:51:07 GMT', date }, 90_000],
    ['a date that is past', { 'retry-after': 'Sun, 06 Nov 1994 08:49:07 GMT', date }, 0],
    ['a day at most', { 'retry-after': '99999999' }, 86_400_000],
    ['a date of a server that does not say what time it has', { 'retry-after': date }, undefined],
    ['nonsense', { 'retry-after': 'soon', date }, undefined],
    ['nothing', { date }, undefined],
  ])('is told by %s', (_, headers, retryAfterMs) => {
    expect(answered(headers)).toThrow(expect.objectContaining({ code: 'CALENDAR.RATE_LIMITED', retryAfterMs }));
  });
});
