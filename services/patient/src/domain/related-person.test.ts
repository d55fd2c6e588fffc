import { describe, expect, it } from 'vitest';
import { Ages, readAges } from './ages.js';
import {
  endBeforeMajority,
  fitted,
  guardiansContacts,
  isOver,
  type RelatedPerson,
  sectionsAt,
  unfitness,
} from './related-person.js';

const ages = new Ages('Europe/Paris', readAges('12,15:record+accesses,18'));
const now = new Date('2026-11-20T10:00:00Z');
const rules = { ages, now };
const child = { id: 'child', birthDate: '2014-03-02' };
const mother = { id: 'mother', birthDate: '1985-03-02' };
const young = { id: 'young', birthDate: '2009-03-02' };
const grown = { id: 'grown', birthDate: '1940-03-02' };

describe('who may act for somebody', () => {
  it.each([
    ['guardian', child, mother, undefined],
    ['guardian', child, young, undefined],
    ['guardian', grown, mother, 'NOT_A_MINOR'],
    ['guardian', young, child, 'NOT_BORN_BEFORE'],
    ['guardian', child, child, 'SAME_PATIENT'],
    ['guardian', child, { ...mother, inactiveReason: 'deceased' }, 'GONE'],
    ['guardian', child, { ...mother, inactiveReason: 'left-practice' }, undefined],
    ['carer', grown, mother, undefined],
    ['carer', mother, grown, undefined],
    ['carer', child, mother, 'MINOR'],
    ['carer', grown, young, 'CARER_IS_MINOR'],
    ['carer', { ...grown, inactiveReason: 'entered-in-error' }, mother, 'GONE'],
  ] as const)('as %s of %j: %j', (relationship, patient, related, wanted) => {
    expect(unfitness(relationship, patient, related, rules)).toBe(wanted);
  });
});

describe('a guardian', () => {
  const majority = ages.majorityOf(child);
  const guardian: RelatedPerson = {
    id: 'r',
    version: 1,
    patientId: 'child',
    relatedPatientId: 'mother',
    relationship: 'guardian',
    sections: ['details', 'appointments', 'record', 'accesses'],
    opened: [],
    ends: [],
    givenBy: 'practice',
    from: now,
    until: majority,
  };
  const after = (patient: typeof child, until?: Date) =>
    fitted({ ...guardian, until: until ?? majority }, { before: child, patient, related: mother }, rules);

  it('acts until majority, whichever birth date turns out to be right', () => {
    for (const birthDate of ['2016-03-02', '2013-03-02']) {
      expect(after({ ...child, birthDate }).until).toEqual(ages.majorityOf({ birthDate }));
    }
    expect(after({ ...child, birthDate: '2007-03-02' }).endedAt).toEqual(now);
  });

  it('whose end is majority has none of their own, whichever age that was; one of a court stays', () => {
    const to21 = new Ages('Europe/Paris', readAges('21'));
    const who = { before: child, patient: child };
    const court = new Date('2028-01-01T00:00:00Z');
    for (const by of [ages, to21]) {
      const set = { until: by.majorityOf(child), agesSetting: by.setting };
      for (const now of [ages, to21]) {
        expect(endBeforeMajority(set, who, now)).toBeUndefined();
        expect(endBeforeMajority({ ...set, until: court }, who, now)).toEqual(court);
      }
    }
  });

  it('acts no longer than a court has said', () => {
    const until = new Date('2028-01-01T00:00:00Z');
    expect(after({ ...child, birthDate: '2016-03-02' }, until).until).toEqual(until);
    expect(after({ ...child, birthDate: '2009-03-02' }, until).until).toEqual(
      ages.majorityOf({ birthDate: '2009-03-02' }),
    );
  });

  it('acts in the record until the age of the practice, whatever runs on that day', () => {
    const told = after(child);
    const at = new Date('2029-03-01T23:00:00Z');
    expect(told).toMatchObject({
      ends: [
        { section: 'record', at },
        { section: 'accesses', at },
      ],
      agesSetting: 'Europe/Paris 12,15:record+accesses,18',
    });
    expect(sectionsAt(told, new Date(at.getTime() - 1))).toEqual(guardian.sections);
    expect(sectionsAt(told, at)).toEqual(['details', 'appointments']);
    // Not told of what would come after the rest.
    expect(after(child, new Date('2028-01-01T00:00:00Z')).ends).toEqual([]);
  });

  it('acts as other ages say once the practice sets them, but no longer than a court has said', () => {
    const told = after(child);
    const follow = (relation: RelatedPerson, text: string, zone = 'Europe/Paris') =>
      fitted(
        relation,
        { before: child, patient: child, related: mother },
        { ages: new Ages(zone, readAges(text)), now },
      );
    expect(follow(told, '12,15,18')).toMatchObject({ until: majority, ends: [] });
    expect(follow(told, '21', 'America/Martinique')).toMatchObject({ until: new Date('2035-03-02T04:00:00Z') });
    expect(follow(told, '11').endedAt).toEqual(now);
    const court = after(child, new Date('2030-01-01T00:00:00Z'));
    expect(follow(court, '16:record,21')).toMatchObject({ until: court.until, ends: [] });
    expect(follow(follow(told, '21'), '12,15:record+accesses,18')).toEqual(told);
  });

  it('acts until the first instant of the day, and not in it', () => {
    expect(isOver(guardian, new Date(majority.getTime() - 1))).toBe(false);
    expect(isOver(guardian, majority)).toBe(true);
    expect(isOver({ ...guardian, endedAt: now }, now)).toBe(true);
  });
});

it('how a teenager is reached is questioned where a guardian is reached so, too', () => {
  const telecom = [
    { system: 'phone', value: '+33639981234' },
    { system: 'email', value: 'Mother@example.org' },
  ] as const;
  const doubts = guardiansContacts({ telecom: [...telecom], guardiansReachedAt: ['mother@example.org'] });
  expect(doubts).toMatchObject([{ path: 'telecom[1].value', code: 'GUARDIANS_CONTACT' }]);
  expect(guardiansContacts({ telecom: [...telecom] })).toEqual([]);
});
