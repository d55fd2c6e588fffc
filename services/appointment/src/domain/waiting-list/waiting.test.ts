import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FoundSlot } from '../availability/find-free-slots.js';
import { overlaps } from '../time/intervals.js';
import { type DayOfWeek, day, minute } from '../time/time.js';
import { type Candidate, nextOffer, type PlannedOffer, type Waiting } from './waiting.js';

const now = Date.parse('2026-11-23T10:00:00Z');
const hour = 60 * minute;
const zone = 'Europe/Paris';

const buildSlot = (start: number, more: Partial<FoundSlot> = {}): FoundSlot => ({
  practitionerId: 'bernard',
  appointmentTypeId: 'consultation',
  placeId: 'cabinet',
  zone,
  start,
  end: start + hour / 2,
  blocked: { start, end: start + hour / 2 },
  scheduleVersion: 1,
  ...more,
});

const buildCandidate = (id: string, more: Partial<Waiting> = {}, parts: Partial<Candidate> = {}): Candidate => ({
  waiting: {
    id,
    version: 1,
    status: 'waitlist',
    patientId: id,
    wants: [{ practitionerId: 'bernard', appointmentTypeId: 'consultation' }],
    fromDate: '2026-11-23',
    untilDate: '2026-12-31',
    times: [],
    noticeMinutes: 120,
    priority: 'routine',
    lapses: 0,
    keptFromGuardians: false,
    createdAt: new Date(now - day),
    createdBy: id,
    ...more,
  },
  offered: [],
  busy: [],
  ...parts,
});

const planOf = (planned?: PlannedOffer) =>
  planned && { to: planned.waiting.id, at: (planned.slot.start - now) / hour, passedOver: planned.passedOver };

describe('the next offer', () => {
  it('is the first slot, to the first who waits for it', () => {
    const slots = [buildSlot(now + 5 * hour), buildSlot(now + 6 * hour)];
    const planned = nextOffer(slots, [buildCandidate('alice'), buildCandidate('bruno')], now);
    expect(planOf(planned)).toEqual({ to: 'alice', at: 5, passedOver: [] });
  });

  it('is within times that go on past midnight, which are of the day on which they begin', () => {
    const nights = { times: [{ daysOfWeek: ['mon' as const], startTime: '22:00', endTime: '02:00' }] };
    const at = (text: string) => nextOffer([buildSlot(Date.parse(text))], [buildCandidate('alice', nights)], now);
    for (const time of ['2026-11-23T22:00:00+01:00', '2026-11-23T23:45:00+01:00', '2026-11-24T01:30:00+01:00'])
      expect(at(time), time).toBeDefined();
    for (const time of ['2026-11-23T21:30:00+01:00', '2026-11-24T01:45:00+01:00', '2026-11-24T22:00:00+01:00'])
      expect(at(time), time).toBeUndefined();
  });

  it('passes over those whom the slot does not suit, and says why', () => {
    const slot = buildSlot(now + 5 * hour);
    const candidates = [
      buildCandidate('another', { wants: [{ practitionerId: 'chloe', appointmentTypeId: 'consultation' }] }),
      buildCandidate('later', { fromDate: '2026-11-24' }),
      buildCandidate('mornings', { times: [{ daysOfWeek: ['mon'], startTime: '08:00', endTime: '16:15' }] }),
      buildCandidate('tuesdays', { times: [{ daysOfWeek: ['tue'], startTime: '08:00', endTime: '20:00' }] }),
      buildCandidate('slow', { noticeMinutes: 600 }),
      buildCandidate('offered', { status: 'proposed' }),
      buildCandidate('refused', {}, { offered: [{ practitionerId: 'bernard', start: slot.start }] }),
      buildCandidate('elsewhere', {}, { busy: [{ ...slot, start: slot.start - hour, appointmentId: 'x' }] }),
      buildCandidate('zoe', { times: [{ daysOfWeek: ['mon'], startTime: '16:00', endTime: '16:30' }] }),
    ];
    expect(planOf(nextOffer([slot], candidates, now))).toEqual({
      to: 'zoe',
      at: 5,
      passedOver: [
        { waitingId: 'later', code: 'OUTSIDE_DATES' },
        { waitingId: 'mornings', code: 'OTHER_TIMES' },
        { waitingId: 'tuesdays', code: 'OTHER_TIMES' },
        { waitingId: 'slow', code: 'NOTICE_TOO_SHORT' },
        { waitingId: 'offered', code: 'HAS_AN_OFFER' },
        { waitingId: 'refused', code: 'OFFERED_BEFORE' },
        { waitingId: 'elsewhere', code: 'PATIENT_BUSY' },
      ],
    });
  });

  it('is none when there is nobody whom a slot suits, or no time for an answer', () => {
    expect(nextOffer([buildSlot(now + 5 * hour)], [], now)).toBeUndefined();
    const soon = buildSlot(now + 40 * minute);
    expect(nextOffer([soon], [buildCandidate('alice', { noticeMinutes: 0 })], now)).toBeUndefined();
  });
});

const names = Array.from({ length: 12 }, (_, nth) => `patient-${nth}`);
const slotTimes = fc
  .uniqueArray(fc.integer({ min: 4, max: 60 }), { maxLength: 14 })
  .map((hours) => hours.sort((a, b) => a - b).map((each) => buildSlot(now + each * hour)));
const candidate = fc.record({
  status: fc.constantFrom('waitlist' as const, 'waitlist' as const, 'proposed' as const),
  fromDate: fc.constantFrom('2026-11-23', '2026-11-24', '2026-11-25'),
  days: fc.option(fc.constantFrom<DayOfWeek[]>(['mon'], ['tue', 'wed']), { nil: undefined }),
  noticeMinutes: fc.constantFrom(0, 120, 600),
  refused: fc.uniqueArray(fc.integer({ min: 4, max: 60 }), { maxLength: 5 }),
  busy: fc.uniqueArray(fc.integer({ min: 4, max: 60 }), { maxLength: 5 }),
});
const queue = fc.array(candidate, { maxLength: names.length }).map((all) =>
  all.map(({ status, fromDate, days, noticeMinutes, refused, busy }, nth) =>
    buildCandidate(
      names[nth] as string,
      {
        status,
        fromDate,
        noticeMinutes,
        times: days ? [{ daysOfWeek: days, startTime: '00:00', endTime: '24:00' }] : [],
      },
      {
        offered: refused.map((each) => ({ practitionerId: 'bernard', start: now + each * hour })),
        busy: busy.map((each) => ({ start: now + each * hour, end: now + (each + 1) * hour, appointmentId: 'x' })),
      },
    ),
  ),
);

/** Makes offers until there is none to make, as rounds do. */
function allOffers(slots: FoundSlot[], candidates: Candidate[]): PlannedOffer[] {
  const made: PlannedOffer[] = [];
  for (;;) {
    const free = slots.filter((slot) => !made.some((each) => overlaps(each.slot, slot)));
    const having = new Set(made.map(({ waiting }) => waiting.id));
    const waiting = candidates.map((each) =>
      having.has(each.waiting.id) ? { ...each, waiting: { ...each.waiting, status: 'proposed' as const } } : each,
    );
    const planned = nextOffer(free, waiting, now);
    if (!planned) return made;
    made.push(planned);
  }
}

const suits = (slot: FoundSlot, candidate: Candidate) => nextOffer([slot], [candidate], now) !== undefined;

describe('offers on any waiting list', () => {
  it('are one a slot and one a patient, of what suits them', () => {
    fc.assert(
      fc.property(slotTimes, queue, (slots, candidates) => {
        const made = allOffers(slots, candidates);
        expect(new Set(made.map(({ slot }) => slot)).size).toBe(made.length);
        expect(new Set(made.map(({ waiting }) => waiting.id)).size).toBe(made.length);
        for (const { slot, waiting } of made) {
          expect(suits(slot, candidates.find((each) => each.waiting.id === waiting.id) as Candidate)).toBe(true);
        }
      }),
    );
  });

  it('pass over nobody whom a slot suits: who is in front has an offer too', () => {
    fc.assert(
      fc.property(slotTimes, queue, (slots, candidates) => {
        const made = allOffers(slots, candidates);
        for (const [nth, { slot, waiting, passedOver }] of made.entries()) {
          const place = candidates.findIndex((each) => each.waiting.id === waiting.id);
          const inFront = candidates.slice(0, place);
          const before = new Set(made.slice(0, nth).map((each) => each.waiting.id));
          expect(inFront.filter((each) => suits(slot, each) && !before.has(each.waiting.id))).toEqual([]);
          expect(passedOver.map(({ waitingId }) => waitingId)).toEqual(inFront.map((each) => each.waiting.id));
        }
      }),
    );
  });

  it('leave no slot free that suits somebody without one', () => {
    fc.assert(
      fc.property(slotTimes, queue, (slots, candidates) => {
        const made = allOffers(slots, candidates);
        const left = slots.filter((slot) => !made.some((each) => each.slot === slot));
        const without = candidates.filter(({ waiting }) => !made.some((each) => each.waiting.id === waiting.id));
        for (const slot of left) expect(without.filter((each) => suits(slot, each))).toEqual([]);
      }),
    );
  });
});
