import { describe, expect, it } from 'vitest';
import { failedByStatus, failedWithoutAnswer } from './failures.js';
import { NoAnswer } from './outbound.js';

const answer = (status: number, headers = {}) => ({ status, headers, body: '' });
const date = 'Sun, 06 Nov 1994 08:49:37 GMT';

describe('what an answer means', () => {
  it.each([
    [400, 'permanent-content', undefined],
    [401, 'configuration', undefined],
    [403, 'configuration', undefined],
    [404, 'configuration', undefined],
    [408, 'temporary', undefined],
    [413, 'permanent-content', undefined],
    [429, 'rate-limited', undefined],
    [500, 'temporary', true],
    [502, 'temporary', true],
    [503, 'temporary', false],
    [504, 'temporary', true],
  ])('is, for %i, %s', (status, kind, isUncertain) => {
    const outcome = failedByStatus('x', answer(status));
    expect([outcome.class, outcome.isUncertain]).toEqual([kind, isUncertain]);
  });

  it.each([
    ['seconds', { 'retry-after': '90' }, 90],
    ['a date, by the clock of that server', { 'retry-after': 'Sun, 06 Nov 1994 08:51:07 GMT', date }, 90],
    ['a date that is past', { 'retry-after': 'Sun, 06 Nov 1994 08:49:07 GMT', date }, 0],
    ['a day at most', { 'retry-after': '99999999' }, 86_400],
    ['a date of a server that does not say what time it has', { 'retry-after': date }, undefined],
    ['nonsense', { 'retry-after': 'soon', date }, undefined],
    ['nothing', {}, undefined],
  ])('is to wait as long as %s says', (_, headers, seconds) => {
    expect(failedByStatus('x', answer(429, headers)).retryAfterSeconds).toBe(seconds);
  });
});

describe('what no answer means', () => {
  it('is that it may have been sent, once a connection was there', () => {
    expect(failedWithoutAnswer('x', new NoAnswer('unreachable', false))).toMatchObject({
      class: 'temporary',
      isUncertain: false,
    });
    expect(failedWithoutAnswer('x', new NoAnswer('timed-out', true))).toMatchObject({
      class: 'temporary',
      isUncertain: true,
    });
    expect(failedWithoutAnswer('x', new NoAnswer('certificate', false)).class).toBe('configuration');
    expect(failedWithoutAnswer('x', new NoAnswer('address-refused', false)).class).toBe('permanent-address');
  });

  it('is a defect, when it is none of a connection', () => {
    expect(() => failedWithoutAnswer('x', new TypeError('ours'))).toThrow(TypeError);
  });
});
