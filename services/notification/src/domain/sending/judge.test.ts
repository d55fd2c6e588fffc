import { describe, expect, it } from 'vitest';
import type { Kind } from '../decisions/decision.js';
import type { VisitNow } from '../neighbours.js';
import { judgeVisit, type SaidBefore } from './judge.js';

const start = new Date('2026-12-08T08:30:00Z');
const later = new Date('2026-12-09T08:30:00Z');
const now = new Date('2026-12-07T10:00:00Z');
const visit = (more: Partial<VisitNow> = {}): VisitNow => ({
  id: 'v',
  version: 2,
  status: 'booked',
  patientId: 'claire',
  practitionerId: 'bernard',
  appointmentTypeId: 'visit',
  placeId: 'lilas',
  start,
  end: new Date(start.getTime() + 900_000),
  zone: 'Europe/Paris',
  keptFromGuardians: false,
  ...more,
});
const judge = (kind: Kind, its: VisitNow | undefined, said: SaidBefore = {}, audience: 'self' | 'guardian' = 'self') =>
  judgeVisit({
    decision: { kind, startsAt: start, practitionerId: 'bernard', placeId: 'lilas', audience },
    ...{ visit: its, said, now },
  });

describe('what is due of a visit', () => {
  it.each<[string, Kind, VisitNow | undefined, string | undefined]>([
    ['leaves while the visit stands', 'reminder', visit(), undefined],
    ['does not when there is none', 'reminder', undefined, 'superseded'],
    ['does not when it was cancelled', 'reminder', visit({ status: 'cancelled' }), 'superseded'],
    ['does not when it was moved', 'reminder', visit({ start: later }), 'superseded'],
    ['does not when somebody else receives', 'reminder', visit({ practitionerId: 'martin' }), 'superseded'],
    ['does not when it is elsewhere', 'reminder', visit({ placeId: 'roses' }), 'superseded'],
    ['does not when its patient is there', 'reminder', visit({ status: 'arrived' }), 'superseded'],
    ['does not before it is confirmed', 'confirmation', visit({ status: 'pending' }), 'not-confirmed'],
    ['does not once it has begun', 'reminder', visit({ start: now }), 'past'],
    ['is an offer while that is kept', 'offer', visit({ status: 'pending', heldUntil: later }), undefined],
    ['is no offer any more once it was taken', 'offer', visit(), 'superseded'],
    ['is no offer any more once it has ended', 'offer', visit({ status: 'pending', heldUntil: now }), 'superseded'],
    ['is that a request was declined', 'declined', visit({ status: 'cancelled' }), undefined],
    ['is not when the practice thought better of it', 'declined', visit(), 'superseded'],
    [
      'is not told of one who has died',
      'cancelled',
      visit({ status: 'cancelled', cancellationCode: 'pat-dec' }),
      'hidden',
    ],
  ])('%s', (_, kind, its, reason) => {
    expect(judge(kind, its)).toBe(reason);
  });

  it('tells guardians nothing that a minor keeps from them, and the minor all', () => {
    const kept = visit({ keptFromGuardians: true });
    expect([judge('reminder', kept, {}, 'guardian'), judge('reminder', kept)]).toEqual(['minors-secret', undefined]);
  });

  it('tells no move that was undone, whoever had been told', () => {
    expect(judge('moved', visit(), { last: { start } })).toBe('superseded');
    expect(judge('moved', visit(), { first: { start } })).toBe('superseded');
    expect(judge('moved', visit(), { last: { start: later } })).toBeUndefined();
    expect(judge('moved', visit(), { last: { start }, isCancelled: true })).toBeUndefined();
  });

  it('tells that somebody else receives, or elsewhere, at the same time', () => {
    const known = { start, practitionerId: 'martin', placeId: 'lilas' };
    expect(judge('moved', visit(), { last: known })).toBeUndefined();
    expect(
      judge('moved', visit(), { first: { ...known, practitionerId: 'bernard', placeId: 'roses' } }),
    ).toBeUndefined();
    expect(judge('confirmation', visit(), { last: known })).toBeUndefined();
    expect(judge('moved', visit(), { last: { ...known, practitionerId: 'bernard' } })).toBe('superseded');
  });

  it('tells a cancellation that stands, once, and not of a visit of which nobody had been told', () => {
    const cancelled = visit({ status: 'cancelled' });
    expect(judge('cancelled', cancelled, { last: { start } })).toBeUndefined();
    expect(judge('cancelled', cancelled, { first: { start } })).toBeUndefined();
    expect(judge('cancelled', cancelled, { isUnsaid: true })).toBe('superseded');
    expect(judge('cancelled', cancelled, { last: { start }, isCancelled: true })).toBe('superseded');
    expect(judge('cancelled', visit(), { last: { start } })).toBe('superseded');
  });
});
