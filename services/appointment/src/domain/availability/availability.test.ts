import { describe, expect, it } from 'vitest';
import { buildFacts, dailyHours as hours, type FactsParts as Parts } from '../../../test/facts.js';
import { type Interval, Occupied } from '../time/intervals.js';
import { inZone, minute } from '../time/time.js';
import { availabilityAt, freeSlots, type ResourceFacts, type Taken } from './availability.js';

const at = (text: string) => Date.parse(text);
/** From 9:30 to 10:00 on 23 November in Paris, unless it says otherwise. */
const buildTaken = (parts: Partial<Taken> = {}): Taken => {
  const visit = parts.visit ?? { start: at('2026-11-23T09:30:00+01:00'), end: at('2026-11-23T10:00:00+01:00') };
  return {
    ...visit,
    appointmentId: 'a-neighbour',
    appointmentTypeId: 'consultation',
    placeId: 'cabinet',
    session: 'a-neighbour',
    visit,
    ...parts,
  };
};

const dayOf = (date: string): Interval => ({
  start: at(`${date}T00:00:00Z`) - 2 * 60 * minute,
  end: at(`${date}T22:00:00Z`),
});

/** The starts on a date, as the clock of the place shows them. */
const startsOn = (date: string, parts: Parts) =>
  [...freeSlots(buildFacts(parts), dayOf(date))].map(({ start, zone }) => inZone(start, zone).slice(11));

const reasons = (time: string, parts: Parts) =>
  availabilityAt(at(`2026-11-23T${time}:00+01:00`), buildFacts(parts)).refusals?.map(({ code }) => code) ?? [];

const workday = { schedule: { hours: [hours('09:00', '12:00')] } };

describe('freeSlots', () => {
  it('offers what fits whole into the hours, on a grid from their beginning', () => {
    expect(startsOn('2026-11-23', { schedule: { hours: [hours('09:00', '10:40')] } })).toEqual([
      '09:00:00+01:00',
      '09:30:00+01:00',
      '10:00:00+01:00',
    ]);
  });

  it('leaves out what is taken, in part or whole, and what has passed', () => {
    const visit = { start: at('2026-11-23T09:50:00+01:00'), end: at('2026-11-23T10:10:00+01:00') };
    const parts = {
      schedule: { hours: [hours('09:00', '11:30')] },
      taken: [buildTaken({ visit })],
      now: at('2026-11-23T09:01:00+01:00'),
    };
    expect(startsOn('2026-11-23', parts)).toEqual(['10:30:00+01:00', '11:00:00+01:00']);
  });

  it('begins anew after a break', () => {
    const breaks = [{ startTime: '09:40', endTime: '10:10' }];
    expect(startsOn('2026-11-23', { schedule: { hours: [hours('09:00', '11:15', { breaks })] } })).toEqual([
      '09:00:00+01:00',
      '10:10:00+01:00',
      '10:40:00+01:00',
    ]);
  });

  it('offers hours that go on past midnight, whatever day is asked for, and refuses what is behind them', () => {
    const breaks = [{ startTime: '23:30', endTime: '00:30' }];
    const nights = { schedule: { hours: [hours('22:00', '02:00', { daysOfWeek: ['mon'], breaks })] } };
    // A day asked for here begins and ends an hour before midnight in Paris.
    expect(startsOn('2026-11-23', nights)).toEqual(['22:00:00+01:00', '22:30:00+01:00']);
    expect(startsOn('2026-11-24', nights)).toEqual(
      ['23:00', '00:30', '01:00', '01:30'].map((time) => `${time}:00+01:00`),
    );
    expect(startsOn('2026-11-25', nights)).toEqual([]);
    const why = (start: string) => availabilityAt(at(start), buildFacts(nights)).refusals?.map(({ code }) => code);
    expect(why('2026-11-24T01:30:00+01:00')).toBeUndefined();
    expect(why('2026-11-24T00:00:00+01:00')).toEqual(['APPOINTMENT.IN_A_BREAK']);
    expect(why('2026-11-24T01:45:00+01:00')).toEqual(['APPOINTMENT.OUTSIDE_WORKING_HOURS']);
    expect(why('2026-11-23T01:30:00+01:00')).toEqual(['APPOINTMENT.OUTSIDE_WORKING_HOURS']);
  });

  it('keeps a night shift on the clock in the nights in which it changes', () => {
    const nights = { minutes: 60, schedule: { hours: [hours('22:00', '04:00', { daysOfWeek: ['sat'] })] } };
    const ofTheNight = (date: string) => startsOn(date, nights).filter((start) => start < '12');
    expect(ofTheNight('2027-03-28')).toEqual(['00:00:00+01:00', '01:00:00+01:00', '03:00:00+02:00']);
    expect(ofTheNight('2027-10-31')).toEqual([
      '00:00:00+02:00',
      '01:00:00+02:00',
      '02:00:00+02:00',
      '02:00:00+01:00',
      '03:00:00+01:00',
    ]);
  });

  it('goes by the hours that hold on the date', () => {
    const schedule = {
      hours: [
        hours('09:00', '10:00', { validUntil: '2026-11-23' }),
        hours('14:00', '15:00', { validFrom: '2026-11-24' }),
      ],
    };
    expect(startsOn('2026-11-23', { schedule })).toEqual(['09:00:00+01:00', '09:30:00+01:00']);
    expect(startsOn('2026-11-24', { schedule })).toEqual(['14:00:00+01:00', '14:30:00+01:00']);
  });

  it('puts what was set for a date above the weekly hours, and above a public holiday', () => {
    const exceptions = [
      { date: '2026-11-23', placeId: 'cabinet', periods: [{ startTime: '15:00', endTime: '15:30' }] },
    ];
    const holidays = new Map([['cabinet', new Map([['2026-11-23', 'A holiday']])]]);
    const schedule = { hours: [hours('09:00', '10:00')] };
    expect(startsOn('2026-11-23', { schedule: { ...schedule, exceptions }, holidays })).toEqual(['15:00:00+01:00']);
    expect(startsOn('2026-11-23', { schedule, holidays })).toEqual([]);
    const extraOpenings = [{ date: '2026-11-23', placeId: 'cabinet', startTime: '10:00', endTime: '10:30' }];
    expect(startsOn('2026-11-23', { schedule: { ...schedule, extraOpenings }, holidays })).toEqual(['10:00:00+01:00']);
  });

  it('leaves out an absence, and the other slots where they were', () => {
    const absences = [{ startDate: '2026-11-22', endDate: '2026-11-23', startTime: '12:00', endTime: '09:40' }];
    const schedule = { hours: [hours('09:00', '11:00')], absences };
    expect(startsOn('2026-11-22', { schedule })).toHaveLength(4);
    expect(startsOn('2026-11-23', { schedule })).toEqual(['10:00:00+01:00', '10:30:00+01:00']);
  });

  it('starts slots where the type is aligned', () => {
    const rules = { alignment: { everyMinutes: 20, offsetMinutes: 5 } };
    expect(startsOn('2026-11-23', { schedule: { hours: [hours('09:00', '10:15')] }, rules })).toEqual([
      '09:05:00+01:00',
      '09:25:00+01:00',
      '09:45:00+01:00',
    ]);
  });

  it('stays aligned to the clock when the clocks change by half an hour', () => {
    const rules = { alignment: { everyMinutes: 60, offsetMinutes: 0 } };
    const facts = buildFacts({
      zone: 'Australia/Lord_Howe',
      schedule: { hours: [hours('00:00', '05:00')] },
      rules,
    });
    const range = { start: at('2026-10-03T13:00:00Z'), end: at('2026-10-03T18:00:00Z') };
    expect([...freeSlots(facts, range)].map(({ start, zone }) => inZone(start, zone))).toEqual([
      '2026-10-04T00:00:00+10:30',
      '2026-10-04T01:00:00+10:30',
      '2026-10-04T03:00:00+11:00',
      '2026-10-04T04:00:00+11:00',
    ]);
  });

  it('keeps buffers free on both sides, its own and its neighbours’', () => {
    const visit = { start: at('2026-11-23T10:00:00+01:00'), end: at('2026-11-23T10:30:00+01:00') };
    const neighbour = buildTaken({ visit, start: visit.start - 5 * minute, end: visit.end + 5 * minute });
    const rules = {
      bufferBeforeMinutes: 10,
      bufferAfterMinutes: 20,
      alignment: { everyMinutes: 15, offsetMinutes: 0 },
    };
    expect(startsOn('2026-11-23', { ...workday, rules, taken: [neighbour] })).toEqual([
      '09:00:00+01:00',
      '10:45:00+01:00',
      '11:00:00+01:00',
      '11:15:00+01:00',
      '11:30:00+01:00',
    ]);
  });

  it('has an hour less in the night when the clocks go forward, and never 02:30', () => {
    expect(startsOn('2026-03-29', { schedule: { hours: [hours('01:00', '04:00')] } })).toEqual([
      '01:00:00+01:00',
      '01:30:00+01:00',
      '03:00:00+02:00',
      '03:30:00+02:00',
    ]);
  });

  it('has an hour more in the night when they go back', () => {
    expect(startsOn('2026-10-25', { schedule: { hours: [hours('02:00', '03:00')] } })).toEqual([
      '02:00:00+02:00',
      '02:30:00+02:00',
      '02:00:00+01:00',
      '02:30:00+01:00',
    ]);
  });

  it.each<[string, Partial<Parts['schedule'] & object>]>([
    ['a break', { hours: [hours('01:00', '04:00', { breaks: [{ startTime: '02:00', endTime: '02:30' }] })] }],
    [
      'an exception',
      {
        hours: [hours('01:00', '04:00')],
        exceptions: [
          {
            date: '2027-10-31',
            placeId: 'cabinet',
            periods: [
              { startTime: '01:00', endTime: '02:00' },
              { startTime: '02:30', endTime: '04:00' },
            ],
          },
        ],
      },
    ],
  ])('leaves out %s each time that the clocks show it', (_, schedule) => {
    expect(startsOn('2027-10-31', { schedule })).toEqual([
      '01:00:00+02:00',
      '01:30:00+02:00',
      '02:30:00+02:00',
      '02:30:00+01:00',
      '03:00:00+01:00',
      '03:30:00+01:00',
    ]);
  });

  it.each([
    ['02:00', '02:30', ['01:00:00+02:00', '01:30:00+02:00']],
    ['01:00', '02:30', []],
    ['02:30', '03:00', ['01:00:00+02:00', '01:30:00+02:00', '02:00:00+02:00']],
  ])(
    'takes who is absent from %s to %s for away until the clocks show the end for the last time',
    (startTime, endTime, before) => {
      const absences = [{ startDate: '2027-10-31', endDate: '2027-10-31', startTime, endTime }];
      const after = endTime === '02:30' ? ['02:30:00+01:00', '03:00:00+01:00'] : ['03:00:00+01:00'];
      const starts = startsOn('2027-10-31', { schedule: { hours: [hours('01:00', '03:30')], absences } });
      expect(starts).toEqual([...before, ...after]);
    },
  );

  it('says how many seats of a group are left, and joins those who are there', () => {
    const rules = { capacity: 3 };
    const group = [1, 2].map((seat) => buildTaken({ appointmentId: `patient ${seat}`, session: 'group', seat }));
    const [first, second, third] = freeSlots(buildFacts({ ...workday, rules, taken: group }), dayOf('2026-11-23'));
    expect(first).toMatchObject({ seat: 1, seatsLeft: 3 });
    expect(second).toMatchObject({ session: 'group', seat: 3, seatsLeft: 1 });
    expect(third).toMatchObject({ seat: 1, seatsLeft: 3 });
    expect(third?.session).not.toBe(first?.session);
  });

  it('takes a free one of the rooms that are needed', () => {
    const room = (id: string, number: number, parts: Partial<ResourceFacts> = {}): ResourceFacts => ({
      id,
      number,
      taken: new Occupied<Interval & { session: string }>([]),
      ...parts,
    });
    const taken = new Occupied([{ ...buildTaken(), session: 'somebody' }]);
    const resources = [room('away', 7, { placeId: 'elsewhere' }), room('one', 8, { taken }), room('two', 9)];
    const rules = { needs: [{ anyOf: ['away', 'one', 'two'] }] };
    const [first, second] = freeSlots(buildFacts({ ...workday, rules, resources }), dayOf('2026-11-23'));
    expect([first?.resources, second?.resources]).toEqual([[8], [9]]);
    const both = { needs: [{ anyOf: ['one', 'two'] }, { anyOf: ['one', 'two'] }] };
    expect(startsOn('2026-11-23', { ...workday, rules: both, resources }).slice(0, 2)).toEqual([
      '09:00:00+01:00',
      '10:00:00+01:00',
    ]);
  });
});

describe('availabilityAt', () => {
  const now = at('2026-11-23T08:00:00+01:00');

  it.each<[string, string, Parts, string[]]>([
    ['nothing, for a slot', '09:30', workday, []],
    ['the past', '09:30', { ...workday, now: at('2026-11-23T09:31:00+01:00') }, ['APPOINTMENT.IN_THE_PAST']],
    ['the hours', '12:00', workday, ['APPOINTMENT.OUTSIDE_WORKING_HOURS']],
    ['their end', '11:45', workday, ['APPOINTMENT.OUTSIDE_WORKING_HOURS']],
    ['the grid', '09:40', workday, ['APPOINTMENT.NOT_A_SLOT']],
    [
      'a break',
      '10:00',
      { schedule: { hours: [hours('09:00', '12:00', { breaks: [{ startTime: '10:15', endTime: '10:30' }] })] } },
      ['APPOINTMENT.IN_A_BREAK'],
    ],
    [
      'other hours on that day',
      '09:30',
      { schedule: { ...workday.schedule, exceptions: [{ date: '2026-11-23', placeId: 'cabinet', periods: [] }] } },
      ['APPOINTMENT.OTHER_HOURS_THAT_DAY'],
    ],
    [
      'a public holiday',
      '09:30',
      { ...workday, holidays: new Map([['cabinet', new Map([['2026-11-23', 'A holiday']])]]) },
      ['APPOINTMENT.PUBLIC_HOLIDAY'],
    ],
    [
      'an absence',
      '09:30',
      { schedule: { ...workday.schedule, absences: [{ startDate: '2026-11-20', endDate: '2026-11-30' }] } },
      ['APPOINTMENT.PRACTITIONER_ABSENT'],
    ],
    [
      'hours that are for another type',
      '09:30',
      { schedule: { hours: [hours('09:00', '12:00', { appointmentTypeIds: ['vaccination'] })] } },
      ['APPOINTMENT.HOURS_OF_OTHER_TYPES'],
    ],
    ['notice', '09:30', { ...workday, now, rules: { noticeMinutes: 91 } }, ['APPOINTMENT.NOTICE_TOO_SHORT']],
    [
      'the horizon',
      '09:30',
      { ...workday, now: at('2026-11-20T23:59:00+01:00'), rules: { horizonDays: 2 } },
      ['APPOINTMENT.BEYOND_HORIZON'],
    ],
    ['that only staff books it', '09:30', { ...workday, rules: { bookableBy: 'staff' } }, ['APPOINTMENT.STAFF_ONLY']],
    ['a neighbour', '09:30', { ...workday, taken: [buildTaken()] }, ['APPOINTMENT.SLOT_TAKEN']],
    [
      'a neighbour’s buffer',
      '10:00',
      { ...workday, taken: [buildTaken({ end: at('2026-11-23T10:05:00+01:00') })] },
      ['APPOINTMENT.TOO_CLOSE'],
    ],
    [
      'its own buffer',
      '10:00',
      { ...workday, taken: [buildTaken()], rules: { bufferBeforeMinutes: 5 } },
      ['APPOINTMENT.TOO_CLOSE'],
    ],
    [
      'a group that is full',
      '09:30',
      { ...workday, taken: [1, 2].map((seat) => buildTaken({ session: 'group', seat })), rules: { capacity: 2 } },
      ['APPOINTMENT.GROUP_FULL'],
    ],
    [
      'a day that is full',
      '11:00',
      { ...workday, taken: [buildTaken({ dayPlace: 1 })], rules: { dailyMax: 1 } },
      ['APPOINTMENT.DAY_FULL'],
    ],
    ['a room', '09:30', { ...workday, rules: { needs: [{ anyOf: ['none'] }] } }, ['APPOINTMENT.RESOURCE_TAKEN']],
    [
      'several things at once',
      '09:40',
      { ...workday, now, rules: { noticeMinutes: 120 }, taken: [buildTaken()] },
      ['APPOINTMENT.NOTICE_TOO_SHORT', 'APPOINTMENT.NOT_A_SLOT', 'APPOINTMENT.SLOT_TAKEN'],
    ],
  ])('names what is in the way: %s', (_, time, parts, codes) => {
    expect(reasons(time, parts)).toEqual(codes);
  });

  it('holds staff to the hours and neighbours, not to the rules for patients', () => {
    const parts: Parts = {
      ...workday,
      now,
      audience: 'staff',
      rules: { noticeMinutes: 300, horizonDays: 0, bookableBy: 'staff' },
    };
    expect(reasons('09:40', parts)).toEqual([]);
    expect(reasons('12:00', parts)).toEqual(['APPOINTMENT.OUTSIDE_WORKING_HOURS']);
    expect(reasons('09:40', { ...parts, taken: [buildTaken()] })).toEqual(['APPOINTMENT.SLOT_TAKEN']);
  });

  it('counts the horizon in days of the place, the last one whole', () => {
    const parts = { ...workday, now: at('2026-11-21T23:59:00+01:00'), rules: { horizonDays: 2 } };
    expect(reasons('11:30', parts)).toEqual([]);
  });
});
