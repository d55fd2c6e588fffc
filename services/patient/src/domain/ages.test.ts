import { describe, expect, it } from 'vitest';
import { Ages, addDays, bornFor, dayReached, readAges } from './ages.js';

const paris = new Ages('Europe/Paris', readAges('12,15:record+accesses,18'));

describe('an age', () => {
  it('is reached on the birthday, and by who was born on the last of February on the first of March', () => {
    expect(dayReached('2008-05-04', 18)).toBe('2026-05-04');
    expect(dayReached('2008-02-29', 12)).toBe('2020-02-29');
    expect(dayReached('2008-02-29', 18)).toBe('2026-03-01');
  });

  it('begins with the day in the zone of the practice', () => {
    const child = { birthDate: '2008-07-14' };
    expect(paris.majorityOf(child).toISOString()).toBe('2026-07-13T22:00:00.000Z');
    expect(new Ages('America/Martinique', readAges('18')).majorityOf(child).toISOString()).toBe(
      '2026-07-14T04:00:00.000Z',
    );
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

describe('what becomes a minor’s own at an age', () => {
  it('is written after the age, and with majority it is all', () => {
    expect(readAges(' 12, 15: accesses + record ,18')).toEqual([
      { age: 12, sections: [] },
      { age: 15, sections: ['accesses', 'record'] },
      { age: 18, sections: ['details', 'appointments', 'record', 'accesses'] },
    ]);
    for (const text of ['18', '12,15,18', '12,15:record+accesses,18', '13:accesses,16:record,18']) {
      const ages = new Ages('Europe/Paris', readAges(text));
      expect(ages.setting).toBe(`Europe/Paris ${text}`);
      expect(Ages.of(ages.setting)).toEqual(ages);
    }
  });

  it.each([
    ['', 'must be ages from 1 to 25, such as 12,15:record+accesses,18'],
    ['twelve', 'must be ages from 1 to 25, such as 12,15:record+accesses,18'],
    ['0,18', 'must be ages from 1 to 25, such as 12,15:record+accesses,18'],
    ['26', 'must be ages from 1 to 25, such as 12,15:record+accesses,18'],
    ['12,15:,18', 'must be ages from 1 to 25, such as 12,15:record+accesses,18'],
    ['18,15', 'must be ascending'],
    ['15,15,18', 'must be ascending'],
    ['1,2,3,4,5,6,7,8,9,10,11', 'must be 10 ages at most'],
    ['15,18:record', 'names sections after 18, which is majority: with it guardians act in nothing more'],
    ['15:details,18', "names details, where record and accesses alone become a minor's own before majority"],
    ['15:letters,18', "names letters, where record and accesses alone become a minor's own before majority"],
    ['12:record,15:record,18', 'names record twice'],
  ])('is refused in words when it is written wrongly: %s', (text, why) => {
    expect(() => readAges(text)).toThrow(new RangeError(why));
  });

  it('is so from the first instant of the birthday in the zone of the practice', () => {
    const endsOf = (ages: Ages, birthDate: string) => [
      ...new Set(ages.endsOf({ birthDate }, []).map(({ at }) => at.toISOString())),
    ];
    const at = (zone: string, birthDate: string) =>
      endsOf(new Ages(zone, readAges('15:record+accesses,18')), birthDate);
    expect(at('Europe/Paris', '2011-11-20')).toEqual(['2026-11-19T23:00:00.000Z']);
    expect(at('America/Martinique', '2011-11-20')).toEqual(['2026-11-20T04:00:00.000Z']);
    // In the nights of the clock change: the day begins before it.
    expect(at('Europe/Paris', '2011-03-29')).toEqual(['2026-03-28T23:00:00.000Z']);
    expect(at('Europe/Paris', '2011-03-30')).toEqual(['2026-03-29T22:00:00.000Z']);
    expect(at('Europe/Paris', '2011-10-25')).toEqual(['2026-10-24T22:00:00.000Z']);
    expect(at('Europe/Paris', '2011-10-26')).toEqual(['2026-10-25T23:00:00.000Z']);
    // Where that night has no midnight, the day begins at one.
    expect(at('Africa/Cairo', '2011-04-24')).toEqual(['2026-04-23T22:00:00.000Z']);
    expect(at('Europe/Paris', '2012-02-29')).toEqual(['2027-02-28T23:00:00.000Z']);
  });

  it('stays with the guardian to whom the minor opens it, and that is told of each section', () => {
    const minor = { birthDate: '2011-11-20' };
    expect(paris.endsOf(minor, []).map(({ section }) => section)).toEqual(['record', 'accesses']);
    expect(paris.endsOf(minor, ['record']).map(({ section }) => section)).toEqual(['accesses']);
    expect(paris.whenOwn('record', minor)).toEqual({ age: 15, day: '2026-11-20' });
    expect(paris.whenOwn('details', minor)).toBeUndefined();
    const all = new Ages('Europe/Paris', readAges('12,15,18'));
    expect([all.endsOf(minor, []), all.whenOwn('record', minor)]).toEqual([[], undefined]);
  });
});
