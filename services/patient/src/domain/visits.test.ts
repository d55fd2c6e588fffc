import { describe, expect, it } from 'vitest';
import { summarise, type Visit, type VisitStatus } from './visits.js';

const now = new Date('2026-11-20T10:00:00Z');
const visit = (start: string, status: VisitStatus = 'booked'): Visit => ({
  appointmentId: start,
  version: 1,
  patientId: 'p',
  status,
  start: new Date(start),
});

const summary = (...visits: Visit[]) => {
  const { lastVisit, nextVisit } = summarise(visits, now);
  return [lastVisit?.appointmentId, nextVisit?.appointmentId];
};

describe('summarise', () => {
  it('takes the latest before and the earliest after, in whatever order they come', () => {
    const [old, recent, soon, later] = ['2026-01-01', '2026-11-19', '2026-11-21', '2027-01-01'].map((day) =>
      visit(day),
    );
    expect(summary(later as Visit, old as Visit, soon as Visit, recent as Visit)).toEqual(['2026-11-19', '2026-11-21']);
  });

  it('counts a visit from the moment it starts', () => {
    expect(summary(visit('2026-11-20T10:00:00Z'))).toEqual(['2026-11-20T10:00:00Z', undefined]);
    expect(summary(visit('2026-11-20T10:00:01Z'))).toEqual([undefined, '2026-11-20T10:00:01Z']);
  });

  it.each(['cancelled', 'noshow', 'proposed', 'waitlist'] as const)('does not count one that is %s', (status) => {
    expect(summary(visit('2026-11-19', status), visit('2026-11-21', status))).toEqual([undefined, undefined]);
  });

  it('counts one that was completed early as past, and an unconfirmed one only ahead', () => {
    expect(summary(visit('2026-11-21', 'fulfilled'))).toEqual(['2026-11-21', undefined]);
    expect(summary(visit('2026-11-19', 'pending'), visit('2026-11-21', 'pending'))).toEqual([undefined, '2026-11-21']);
  });

  it('knows of none when there is none', () => {
    expect(summarise([], now)).toEqual({ lastVisit: undefined, nextVisit: undefined });
  });
});
