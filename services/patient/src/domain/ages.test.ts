import { describe, expect, it } from 'vitest';
import { Ages, addDays, bornFor, dayReached } from './ages.js';

const paris = new Ages('Europe/Paris', [12, 15, 18]);

describe('an age', () => {
  it('is reached on the birthday, and by who was born on the last of February on the first of March', () => {
    expect(dayReached('2008-05-04', 18)).toBe('2026-05-04');
    expect(dayReached('2008-02-29', 12)).toBe('2020-02-29');
    expect(dayReached('2008-02-29', 18)).toBe('2026-03-01');
  });

  it('begins with the day in the zone of the practice', () => {
    const child = { birthDate: '2008-07-14' };
    expect(paris.majorityOf(child).toISOString()).toBe('2026-07-13T22:00:00.000Z');
    expect(new Ages('America/Martinique', [18]).majorityOf(child).toISOString()).toBe('2026-07-14T04:00:00.000Z');
    expect(paris.isMinor(child, new Date('2026-07-13T21:59:59.999Z'))).toBe(true);
    expect(paris.isMinor(child, new Date('2026-07-13T22:00:00Z'))).toBe(false);
    expect(paris.dayOf(new Date('2026-07-13T22:00:00Z'))).toBe('2026-07-14');
  });

  it('of a teenager is from the first of the practice on until majority', () => {
    const now = new Date('2026-11-20T10:00:00Z');
    const teenagers = ['2014-11-21', '2014-11-20', '2008-11-21', '2008-11-20'].map((birthDate) =>
      paris.isTeenager({ birthDate }, now),
    );
    expect(teenagers).toEqual([false, true, true, false]);
    expect(paris.isMinor({ birthDate: '' }, now)).toBe(false);
  });

  it('is looked for among all who may reach it within some days', () => {
    for (const birthDate of ['2008-02-28', '2008-02-29', '2008-03-01']) {
      const day = dayReached(birthDate, 18);
      const [from, to] = bornFor(18, day, day);
      expect([from <= birthDate, birthDate <= to]).toEqual([true, true]);
    }
    expect(addDays('2026-12-31', 1)).toBe('2027-01-01');
  });
});
