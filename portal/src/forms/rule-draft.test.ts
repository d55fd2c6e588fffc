import { describe, expect, it } from 'vitest';
import type { RuleDocument } from '../api/types.ts';
import { documentOf, draftOf, nothing, wrongOf } from './rule-draft.ts';
import { numberOf } from './rule-numbers.ts';

const one = '019a8f3e-2222-7c55-9b1c-3f1b8f5f2d11';
const told = {
  ...{ maxAgeMinutes: 30, priority: 'high', snoozeMinutesMax: 60 },
  steps: [{ afterMinutes: 0, to: [one] }],
  lastResort: { afterMinutes: 30, to: one },
} satisfies Partial<RuleDocument>;
const level: RuleDocument = {
  ...told,
  title: 'Pulse above 120 for a quarter of an hour',
  condition: { kind: 'level', code: '8867-4', unit: '/min', above: 120, sustained: { minutes: 15 } },
  clear: { readings: 2, below: 110 },
};
const documents: RuleDocument[] = [
  level,
  {
    ...level,
    condition: { kind: 'level', code: '8310-5', unit: 'Cel', above: 38.5, below: 35 },
    clear: { readings: 1 },
  },
  {
    ...level,
    condition: { kind: 'level', code: '59408-5', unit: '%', below: 90, sustained: { atLeast: 3, of: 5 } },
    clear: { readings: 3, above: 93 },
  },
  {
    ...level,
    condition: { kind: 'rate', code: '29463-7', unit: 'kg', rises: 2, withinMinutes: 1_440 },
    clear: { readings: 1 },
  },
  { ...told, title: 'Nothing for a day', condition: { kind: 'gap', code: '8867-4', minutes: 1_440 } },
  {
    ...level,
    condition: { kind: 'score', score: 'NEWS2', oxygenScale: 2, total: 7, single: false, freshMinutes: 120 },
    clear: { readings: 2 },
  },
];

describe('a rule that is changed', () => {
  it.each(documents)('is the same again when nothing was changed: $condition.kind', (document) => {
    expect(documentOf(draftOf(document), document)).toEqual(document);
    expect(wrongOf(draftOf(document))).toEqual([]);
  });

  it('keeps what cannot be typed here', () => {
    const more: RuleDocument = {
      ...level,
      clear: { readings: 2, below: 110, minutes: 20 },
      schedule: {
        zone: 'Indian/Reunion',
        times: [
          { days: ['mon'], from: '08:00', until: '20:00' },
          { days: ['sat', 'sun'], from: '10:00', until: '18:00' },
        ],
      },
      inhibitedBy: [one],
    };
    expect(documentOf({ ...draftOf(more), above: '130' }, more)).toEqual({
      ...more,
      condition: { ...more.condition, above: 130 },
    });
  });
});

describe('when a rule watches', () => {
  const times = [{ days: ['mon' as const, 'tue' as const], from: '22:00', until: '07:00' }];

  it('is typed where it is one time of each week, and its zone stays', () => {
    const document: RuleDocument = { ...level, schedule: { zone: 'Indian/Reunion', times } };
    const draft = draftOf(document);
    expect(draft).toMatchObject({ schedule: 'these', days: ['mon', 'tue'], from: '22:00', until: '07:00' });
    expect(documentOf({ ...draft, days: ['sun', 'mon'] }, document).schedule).toEqual({
      zone: 'Indian/Reunion',
      times: [{ days: ['mon', 'sun'], from: '22:00', until: '07:00' }],
    });
    expect(documentOf({ ...draft, schedule: 'always' }, document).schedule).toBeUndefined();
  });

  it('needs a day where it is not always', () => {
    expect(wrongOf({ ...draftOf(level), schedule: 'these' })).toEqual(['days']);
  });
});

describe('a rule that is written', () => {
  const good = {
    ...nothing,
    title: 'Fever',
    above: '38,5',
    code: '8310-5',
    steps: [{ after: '0', to: [one] }],
    lastTo: one,
  };

  it('takes a comma as a point', () => {
    expect([numberOf('38,5'), numberOf(' 7 '), numberOf(''), numberOf('much')]).toEqual([
      38.5,
      7,
      undefined,
      undefined,
    ]);
    expect(wrongOf(good)).toEqual([]);
    expect(documentOf(good).condition).toMatchObject({ above: 38.5, unit: 'Cel' });
  });

  it.each([
    [{ title: ' ' }, ['title']],
    [{ above: '' }, ['above']],
    [{ above: 'much' }, ['above']],
    [{ minutes: '0' }, ['minutes']],
    [{ minutes: '1.5' }, ['minutes']],
    [{ sustained: 'some', atLeast: '5', of: '3' }, ['atLeast']],
    [{ kind: 'rate', rises: '0' }, ['rises']],
    [{ kind: 'gap', gap: '99999' }, ['gap']],
    [{ steps: [{ after: '0', to: [] }] }, ['steps']],
    [{ lastTo: '' }, ['lastTo']],
    [{ snoozeMax: '481' }, ['snoozeMax']],
  ] as const)('says what is not right: %o', (change, wrong) => {
    expect(wrongOf({ ...good, ...change } as typeof good)).toEqual(wrong);
  });
});
