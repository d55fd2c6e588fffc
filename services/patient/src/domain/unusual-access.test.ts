import { describe, expect, it } from 'vitest';
import { isTheirs, ReviewSample, type UnusualAccess, withMore } from './unusual-access.js';
import type { Reason } from './unusual-rules.js';

const secret = 'a secret of which nobody knows anything';
const seen = (nth: number, reasons: Reason[] = ['same-name']) => ({
  actor: 'user-1',
  patientId: `patient-${nth}`,
  day: '2026-11-20',
  reasons,
});
const inSample = (sample: ReviewSample, count = 2_000) =>
  Array.from({ length: count }, (_, nth) => sample.has(seen(nth))).filter(Boolean).length;

describe('the sample that is reviewed', () => {
  it('has about its share of what weighs little, the same ones each time', () => {
    const sample = new ReviewSample(secret, 20);
    const count = inSample(sample);
    expect(count).toBeGreaterThan(320);
    expect(count).toBeLessThan(480);
    expect(inSample(new ReviewSample(secret, 20))).toBe(count);
    expect([inSample(new ReviewSample(secret, 0)), inSample(new ReviewSample(secret, 100))]).toEqual([0, 2_000]);
  });

  it('is another by another key, so that nobody without it can tell who is in it', () => {
    const [one, other] = [new ReviewSample(secret, 50), new ReviewSample(`${secret}, nor of this`, 50)];
    const differing = Array.from({ length: 200 }, (_, nth) => one.has(seen(nth)) !== other.has(seen(nth)));
    expect(differing.filter(Boolean).length).toBeGreaterThan(50);
  });

  it('has everything that weighs much', () => {
    const none = new ReviewSample(secret, 0);
    expect(none.has(seen(1, ['colleague']))).toBe(true);
    expect(none.has(seen(1, ['same-name', 'outside-hours']))).toBe(true);
  });
});

const at = new Date('2026-11-20T10:00:00Z');
const line = { service: 'patient', sequence: 1, at, action: 'GET /api/patients/:id' };
const access: UnusualAccess = {
  id: 'a',
  version: 1,
  actor: 'user-1',
  practitionerId: 'practitioner-1',
  ownPatientId: 'patient-9',
  patientId: 'patient-1',
  day: '2026-11-20',
  reasons: ['same-name'],
  isSampled: false,
  lines: [line],
  firstAt: at,
  lastAt: at,
  dueAt: at,
};

describe('what more is seen on the same day', () => {
  it('is added, and brings into the sample what weighs more by it', () => {
    const later = new Date('2026-11-20T22:00:00Z');
    const lines = [{ ...line, sequence: 2, at: later }];
    const more = withMore(access, { reasons: ['outside-hours', 'same-name'], lines }, new ReviewSample(secret, 0));
    expect(more).toMatchObject({
      reasons: ['same-name', 'outside-hours'],
      version: 2,
      isSampled: true,
      firstAt: at,
      lastAt: later,
    });
    expect(more.lines.map(({ sequence }) => sequence)).toEqual([1, 2]);
  });

  it('is another version only where there is more to judge', () => {
    const sample = new ReviewSample(secret, 0);
    const again = withMore(access, { reasons: ['same-name'], lines: [line] }, sample);
    expect([again.version, again.lines]).toEqual([1, [line]]);
    const more = { reasons: ['same-name' as const], lines: [{ ...line, sequence: 2 }] };
    expect(withMore(access, more, sample).version).toBe(2);
    const full = { ...access, lines: Array.from({ length: 20 }, (_, nth) => ({ ...line, sequence: nth + 10 })) };
    expect(withMore(full, more, sample).version).toBe(1);
    expect(withMore(full, { ...more, patients: 30 }, sample).version).toBe(2);
  });

  it('keeps a few lines, and of how many patients the most', () => {
    const many = Array.from({ length: 50 }, (_, nth) => ({ ...line, sequence: nth }));
    const sample = new ReviewSample(secret, 0);
    const more = withMore(
      { ...access, patients: 80 },
      { reasons: ['many-patients'], lines: many, patients: 70, usual: 5 },
      sample,
    );
    expect([more.lines.length, more.patients, more.usual]).toEqual([20, 80, 5]);
  });
});

// As far as accounts have a link in common: of one without any nobody knows whose it is.
describe('who may not judge', () => {
  const admin = (links: object) => ({ id: 'user-2', wards: [], ...links });
  it.each([
    [{ id: 'user-1' }, true],
    [{ practitionerId: 'practitioner-1' }, true],
    // In an account of their own as a patient, and of whom something was seen.
    [{ patientId: 'patient-9' }, true],
    [{ patientId: 'patient-1' }, true],
    [{ wards: ['patient-2', 'patient-1'] }, true],
    [{ wards: ['patient-9'] }, false],
    [{}, false],
    [{ practitionerId: 'practitioner-2', patientId: 'patient-2' }, false],
  ])('is who did it, in an account that is known, or whom it is about: %j is %s', (links, expected) =>
    expect(isTheirs(access, admin(links))).toBe(expected),
  );
  it('is nobody for want of a link on either side', () => {
    const { practitionerId: _, ownPatientId: __, patientId: ___, ...plain } = access;
    expect(isTheirs(plain, admin({}))).toBe(false);
  });
});
