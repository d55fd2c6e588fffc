import { describe, expect, it, vi } from 'vitest';
import { show } from '../../test/show.tsx';
import type { AlertRule, BackTest, Explanation, RuleDocument, Sight } from '../api/types.ts';
import { windowOf } from './alert-curve.tsx';
import { BackTestShown } from './back-test-shown.tsx';
import { codesOf, limitsOf, useRuleWords } from './rule-words.ts';
import { SightSaid } from './sight.tsx';
import { inForce } from './watched.tsx';
import { Why } from './why.tsx';

vi.mock('../session/use-session.ts', () => ({
  usePerson: () => ({ id: 'me', practitionerId: 'doctor', roles: ['practitioner'] }),
}));
vi.mock('../api/practitioners.ts', () => ({
  nameOfPractitioner: ({ givenNames, familyName }: { givenNames: string[]; familyName: string }) =>
    `${givenNames[0]} ${familyName}`,
  usePractitioners: () => ({
    data: [
      { id: 'doctor', givenNames: ['Claire'], familyName: 'Bernard' },
      { id: 'other', givenNames: ['Hugo'], familyName: 'Petit' },
    ],
  }),
}));

const level = {
  ...{ title: 'Pulse above 120', maxAgeMinutes: 30, priority: 'high', snoozeMinutesMax: 60 },
  condition: { kind: 'level', code: '8867-4', unit: '/min', above: 120, sustained: { minutes: 15 } },
  ...{ clear: { readings: 2, below: 110 }, steps: [{ afterMinutes: 0, to: ['doctor'] }] },
  lastResort: { afterMinutes: 30, to: 'other' },
} satisfies RuleDocument;

describe('what a rule says', () => {
  const Said = ({ document }: { document: RuleDocument }) => {
    const { condition, clear } = useRuleWords();
    return (
      <p>
        {condition(document.condition)} / {clear(document)}
      </p>
    );
  };
  const said = (condition: RuleDocument['condition'], clear?: RuleDocument['clear']) =>
    show(<Said document={{ ...level, condition, clear }} />).container.textContent;

  it.each([
    [level.condition, 'Pulse above 120/min: for 15 minutes / '],
    [
      { kind: 'level', code: '8310-5', unit: 'Cel', above: 38.5, below: 35 },
      'Body temperature above 38.5 °C or below 35 °C: a single reading is enough / ',
    ],
    [
      { kind: 'level', code: '59408-5', unit: '%', below: 90, sustained: { atLeast: 3, of: 5 } },
      'Oxygen saturation below 90 %: at least 3 of the last 5 readings / ',
    ],
    [
      { kind: 'rate', code: '29463-7', unit: 'kg', rises: 2, withinMinutes: 1_440 },
      'Weight rises by 2 kg within 1 day / ',
    ],
    [{ kind: 'gap', code: '8867-4', minutes: 1_440 }, 'Pulse: nothing has come for 1 day / '],
    [
      { kind: 'score', score: 'NEWS2', oxygenScale: 1, total: 5, single: true, freshMinutes: 60 },
      'NEWS2 of at least 5, or 3 in a single part of it / ',
    ],
  ] as [RuleDocument['condition'], string][])('is a sentence: %o', (condition, words) => {
    expect(said(condition)).toBe(words);
  });

  it('says when it is over again', () => {
    expect(said(level.condition, level.clear)).toContain('Over after 2 normal readings in a row, below 110/min');
  });

  it('has limits that can be drawn only of a level, and looks at what it is made of', () => {
    expect(limitsOf(level)).toEqual([{ value: 120 }, { value: 110, isClear: true }]);
    expect(limitsOf({ condition: { kind: 'gap', code: '8867-4', minutes: 60 } })).toEqual([]);
    expect(codesOf({ kind: 'gap', code: '8867-4', minutes: 60 })).toEqual(['8867-4']);
  });
});

describe('whether anybody is watched', () => {
  const said = (of: Partial<Sight>) =>
    show(<SightSaid of={{ state: 'seeing', asOf: new Date().toISOString(), beats: [], ...of }} />).container
      .textContent;

  it('is said of what sees, with its age', () => {
    expect(said({})).toBe('Readings come, and are looked at · just now');
  });

  it('is not known once what was said is older than a minute', () => {
    expect(said({ asOf: new Date(Date.now() - 180_000).toISOString() })).toContain(
      'It is not known whether anybody is watched',
    );
  });

  it('is nobody while it is blind, with since when, and off is another thing', () => {
    const blindSince = new Date(Date.now() - 40 * 60_000).toISOString();
    const words = said({ state: 'blind', beats: [{ name: 'readings', at: blindSince, blindSince }] });
    expect(words).toContain('Nobody is watched at the moment');
    expect(words).toContain('It became so 40 minutes ago');
    expect(said({ state: 'off' })).toContain('The practice does not watch');
  });
});

describe('why it rang', () => {
  const why: Explanation = {
    ...{ alertId: 'a', patientId: 'p', ruleId: 'r', ruleVersion: 2, document: level, author: 'somebody-else' },
    ...{ startedAt: '2026-11-23T14:05:00Z', since: '2026-11-23T13:50:00Z', readingIds: ['1', '2'], missing: [] },
    notes: [
      { at: '2026-11-23T14:05:02Z', kind: 'raised', details: {} },
      { at: '2026-11-23T14:05:03Z', kind: 'called', details: { step: 0, isLastResort: false, recipients: ['doctor'] } },
      { at: '2026-11-23T14:35:00Z', kind: 'called', details: { step: 1, isLastResort: true, recipients: ['other'] } },
      { at: '2026-11-23T14:36:00Z', kind: 'acknowledged', by: 'me', details: {} },
      { at: '2026-11-23T14:40:00Z', kind: 'of a later version', details: {} },
    ],
  };

  it('says the rule as it was, who wrote it, how many readings, and who was told when', () => {
    const text = show(<Why of={why} />).container.textContent ?? '';
    expect(text).toContain('Version 2 of the rule, as it was then, written by a colleague');
    expect(text).toContain('2 readings led to it.');
    expect(text).toContain('Step 1, told: Claire Bernard (you)');
    expect(text).toContain('Told as the last resort: Hugo Petit');
    expect(text).toContain('Taken care of by you.');
    expect(text).toContain('of a later version');
  });

  it('says what was not known, and that missing readings are what it is about', () => {
    const text = show(<Why of={{ ...why, readingIds: [], missing: ['temperature'] }} />).container.textContent;
    expect(text).toContain('Not known then, and counted as nothing: temperature');
    expect(text).toContain('it is about those that did not come');
  });
});

describe('what a rule would have done', () => {
  const result: BackTest = {
    ...{ from: '2026-10-24T00:00:00Z', until: '2026-11-23T00:00:00Z', days: 30, patients: 12, readings: 103_680 },
    ...{ alerts: 90, alertsADay: 3, alertsADayOfOne: 3, atNight: 5, longestMinutes: 95, byPatient: [] },
    ...{ called: [{ practitionerId: 'other', times: 90 }], late: 2, questions: 1 },
  };

  it('is beside what the practice allows, and says whether it is within', () => {
    expect(show(<BackTestShown of={result} budget={2} />).container.textContent).toContain(
      'more than the practice allows',
    );
    expect(show(<BackTestShown of={result} budget={3} />).container.textContent).toContain('it is within that');
    expect(show(<BackTestShown of={result} />).container.textContent).toContain('Hugo Petit (90)');
  });

  it('says of no readings that they say nothing', () => {
    const none = { ...result, readings: 0, alerts: 0 };
    expect(show(<BackTestShown of={none} />).container.textContent).toContain('that says nothing of the rule');
  });
});

describe('what watches a patient', () => {
  const rule = (id: string, more: Partial<AlertRule> = {}): AlertRule => ({
    ...{ id, version: 1, document: level, author: 'u', at: '2026-11-23T00:00:00Z', createdAt: '2026-11-23T00:00:00Z' },
    ...{ status: 'enabled', enabledVersion: 1 },
    ...more,
  });

  it('is what is turned on, and a rule of their own in the place of that of the practice', () => {
    const all = [
      rule('practice'),
      rule('draft', { status: 'draft' }),
      rule('own', { patientId: 'p', replaces: 'practice' }),
      rule('own but off', { patientId: 'p', replaces: 'other', status: 'disabled' }),
      rule('other'),
    ];
    expect(inForce(all).map(({ id }) => id)).toEqual(['own', 'other']);
  });
});

describe('the time around an alert', () => {
  const now = Date.parse('2026-11-23T15:07:00Z');

  it('goes from half a day before it to now while it goes on, and to some hours after it when it is over', () => {
    const since = '2026-11-23T13:50:00Z';
    expect(windowOf({ since }, now)).toEqual({ from: '2026-11-23T01:45:00.000Z', to: '2026-11-23T15:15:00.000Z' });
    const over = windowOf({ since, clearedAt: '2026-11-23T14:00:00Z' }, now + 86_400_000);
    expect(over.to).toBe('2026-11-23T20:00:00.000Z');
  });

  it('is never longer than each reading of it can be had', () => {
    const { from, to } = windowOf({ since: '2026-01-01T00:00:00Z' }, now);
    expect(Date.parse(to) - Date.parse(from)).toBeLessThanOrEqual(31 * 86_400_000);
  });
});
