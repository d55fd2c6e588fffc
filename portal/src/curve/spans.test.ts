import { expect, it } from 'vitest';
import { resolutionOf, spanNames, spans } from './spans.ts';

/** Days of which the service gives each, by its contract. */
const daysMax = { raw: 31, hourly: 370, daily: 50 * 365 };

it('nothing is asked for that the service refuses', () => {
  for (const span of spanNames)
    for (const resolution of spans[span].resolutions) expect(spans[span].days).toBeLessThanOrEqual(daysMax[resolution]);
});

it('what somebody has chosen stays where it can be had, and gives way where it cannot', () => {
  expect(resolutionOf('month', 'raw')).toBe('raw');
  expect(resolutionOf('year', 'raw')).toBe('daily');
  expect(resolutionOf('day', undefined)).toBe('raw');
});
