import { describe, expect, it } from 'vitest';
import { after, type HeardVisit, newsOf } from './visit.js';

const now = new Date('2026-11-20T10:00:00Z');
const heard = (more: Partial<HeardVisit> = {}): HeardVisit => ({
  appointmentId: 'v',
  version: 1,
  patientId: 'claire',
  appointmentTypeId: 'visit',
  status: 'booked',
  start: new Date('2026-12-08T08:30:00Z'),
  keptFromGuardians: false,
  ...more,
});
const known = (more: Partial<HeardVisit> = {}) => after(undefined, heard(more), now, false);
const elsewhen = { start: new Date('2026-12-09T08:30:00Z') };

describe('what is new of a visit', () => {
  it.each<[string, ReturnType<typeof known> | undefined, Partial<HeardVisit>, ReturnType<typeof newsOf>]>([
    ['that it was booked', undefined, {}, 'confirmation'],
    ['that what was offered was taken', known({ status: 'proposed' }), {}, 'confirmation'],
    ['that it was moved', known(), elsewhen, 'moved'],
    ['that somebody else receives', known({ practitionerId: 'bernard' }), { practitionerId: 'martin' }, 'moved'],
    ['that it is elsewhere', known({ placeId: 'lilas' }), { placeId: 'roses' }, 'moved'],
    ['nothing when nobody knew who was to receive', known(), { practitionerId: 'martin', placeId: 'roses' }, undefined],
    ['that it was cancelled', known(), { status: 'cancelled' }, 'cancelled'],
    ['that it is offered', undefined, { status: 'proposed', answerBy: now }, 'offer'],
    [
      'that what waited for a time is offered one',
      known({ status: 'waitlist' }),
      { status: 'proposed', answerBy: now },
      'offer',
    ],
    ['nothing of a proposal that nobody may answer', undefined, { status: 'proposed' }, undefined],
    ['nothing when an offer ends', known({ status: 'proposed' }), { status: 'cancelled' }, undefined],
    ['that what was asked for was declined', undefined, { status: 'cancelled', isDeclined: true }, 'declined'],
    ['nothing when nobody had heard of what was cancelled', undefined, { status: 'cancelled' }, undefined],
    ['nothing when its patient is there', known(), { status: 'arrived' }, undefined],
    ['nothing when that was taken back', known({ status: 'arrived' }), {}, undefined],
    ['nothing when it is kept from guardians', known(), { keptFromGuardians: true }, undefined],
  ])('is %s', (_, before, change, news) => {
    expect(newsOf(before, heard({ version: 2, ...change }))).toBe(news);
  });
});

describe('what is known of a visit', () => {
  it('is as of the version that last changed when or whether it takes place', () => {
    const later = new Date('2026-11-21T10:00:00Z');
    const moved = after(known(), heard({ version: 3, ...elsewhen }), later, false);
    expect(moved).toMatchObject({ sinceVersion: 3, since: later, first: { start: heard().start } });
    const kept = after(moved, heard({ version: 4, ...elsewhen, keptFromGuardians: true }), now, false);
    expect(kept).toMatchObject({ version: 4, sinceVersion: 3, since: later, keptFromGuardians: true });
  });

  it('has no beginning when it was found by a comparison', () => {
    expect(after(undefined, heard({ version: 5 }), now, true)).toMatchObject({ sinceVersion: 5, since: new Date(0) });
    expect(after(known(), heard({ version: 5, ...elsewhen }), now, true).since).toEqual(now);
  });
});
