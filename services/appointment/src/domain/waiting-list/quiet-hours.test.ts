import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clockMinutes, day, inZone, minute } from '../time/time.js';
import { answerMinutesMin, answerTime, offerMinutes } from './quiet-hours.js';

const paris = 'Europe/Paris';
const ends = (now: string, start: string) => {
  const end = answerTime(Date.parse(now), Date.parse(start), paris);
  return end === undefined ? undefined : inZone(end, paris);
};
const monday = (time: string) => `2026-11-23T${time}:00+01:00`;
const tuesday = (time: string) => `2026-11-24T${time}:00+01:00`;

describe('the end of an offer', () => {
  it.each([
    ['an hour later by day', monday('10:00'), tuesday('15:00'), monday('11:00')],
    ['at the latest half an hour before the appointment', monday('10:00'), monday('11:10'), monday('10:40')],
    ['in the morning with what the evening left of the hour', monday('20:40'), tuesday('15:00'), tuesday('08:40')],
    ['in the evening when the appointment is early in the morning', monday('20:40'), tuesday('08:15'), monday('21:00')],
    ['on the evening itself when the hour just fits', monday('20:00'), tuesday('15:00'), monday('21:00')],
  ])('is %s', (_, now, start, end) => {
    expect(ends(now, start)).toBe(end);
  });

  it.each([
    ['at night', monday('22:00'), tuesday('15:00')],
    ['early in the morning', monday('07:59'), tuesday('15:00')],
    ['shortly before the appointment', monday('10:00'), monday('10:40')],
    ['shortly before a night that ends with the appointment', monday('20:50'), tuesday('08:10')],
  ])('is not there, and neither is the offer, %s', (_, now, start) => {
    expect(ends(now, start)).toBeUndefined();
  });

  it('is never at night, leaves time for an answer, and is an hour by day away at most', () => {
    const from = Date.parse('2026-01-01T00:00:00Z');
    const zone = fc.constantFrom(paris, 'Indian/Reunion', 'Australia/Lord_Howe', 'America/Martinique', 'Asia/Kolkata');
    const instant = fc.integer({ min: 0, max: 365 * 24 * 60 }).map((minutes) => from + minutes * minute);
    fc.assert(
      fc.property(instant, fc.integer({ min: 0, max: 4 * 24 * 60 }), zone, (now, ahead, zone) => {
        const start = now + ahead * minute;
        const end = answerTime(now, start, zone);
        const isNight = (at: number) => clockMinutes(at, zone) < 8 * 60 || clockMinutes(at, zone) >= 21 * 60;
        if (isNight(now)) expect(end).toBeUndefined();
        if (end === undefined) {
          expect(isNight(now) || start - now < day).toBe(true);
          return;
        }
        expect(clockMinutes(end, zone)).toBeLessThanOrEqual(21 * 60);
        expect(clockMinutes(end, zone)).toBeGreaterThanOrEqual(8 * 60);
        expect(end - now).toBeGreaterThanOrEqual(answerMinutesMin * minute);
        expect(end).toBeLessThan(start);
        let awake = 0;
        for (let at = now; at < end; at += minute) if (!isNight(at)) awake += 1;
        expect(awake).toBeLessThanOrEqual(offerMinutes);
        if (start - end > 12 * 60 * minute) expect(awake).toBe(offerMinutes);
      }),
    );
  });
});
