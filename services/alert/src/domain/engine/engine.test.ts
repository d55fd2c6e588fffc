import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { begin, type Candidate, type EngineState, evaluate, type Input, type Rule, tickDueAt } from './evaluate.js';
import type { Reading } from './reading.js';
import { asTheyCame, Episodes, replay } from './replay.js';
import { ruleDocument, type Watch } from './rule.js';

const shared = (file: string) =>
  JSON.parse(readFileSync(new URL(`../../../../../packages/contracts/vectors/${file}`, import.meta.url), 'utf8'));

interface Vector {
  name: string;
  zone: string;
  patientId: string;
  ruleId: string;
  from: string;
  watch: Watch;
  inputs: ({ reading: Reading } | { tick: string })[];
  episodes: { start: string; end?: string; count: number; isLate: boolean }[];
  questions: string[];
  missing: string[];
}

const { vectors } = shared('alert-rules.json') as { vectors: Vector[] };

/** Stored and read again after each step, as by a service that is killed between any two. */
function run(rule: Rule, patientId: string, from: number, inputs: Input[], zone = 'Europe/Paris') {
  const episodes = new Episodes(patientId);
  let state: EngineState = begin(rule, patientId, from);
  for (const input of inputs) {
    const next = evaluate(rule, JSON.parse(JSON.stringify(state)), input, zone);
    episodes.take(next.candidates);
    state = next.state;
  }
  return { episodes: episodes.list(), questions: [...episodes.questions.values()], state };
}

const inputOf = (each: Vector['inputs'][number]): Input =>
  'tick' in each ? { kind: 'tick', at: Date.parse(each.tick) } : { kind: 'reading', reading: each.reading };

describe('the published vectors', () => {
  it.each(vectors)('$name', ({ name: _, watch, zone, patientId, ruleId, from, inputs, ...expected }) => {
    const rule: Rule = { id: ruleId, version: 1, watch };
    const { episodes, questions, state } = run(rule, patientId, Date.parse(from), inputs.map(inputOf), zone);
    const found = episodes.map(({ key: _, patientId: __, ...each }) => each);
    expect({ episodes: found, questions, missing: state.missing }).toEqual(expected);
  });

  it('have rules that the published schema takes, which is that of the engine', () => {
    expect(vectors.length).toBeGreaterThan(40);
    const steps = { steps: [{ afterMinutes: 0, to: [someone] }], lastResort: { afterMinutes: 10, to: someone } };
    for (const { name, watch } of vectors) {
      const document = { title: name, ...watch, priority: 'medium', snoozeMinutesMax: 60, ...steps };
      expect([name, ruleDocument.safeParse(document).error]).toEqual([name, undefined]);
    }
    expect(shared('alert-rule.schema.json')).toEqual(JSON.parse(JSON.stringify(z.toJSONSchema(ruleDocument))));
  });
});

const someone = '019a8f3e-2222-7c55-9b1c-3f1b8f5f2d11';
const patientId = '019a8f3e-1111-7c55-9b1c-3f1b8f5f2d11';
const start = Date.parse('2026-11-20T08:00:00Z');
const minute = 60_000;
const maxAgeMinutes = 30;

const watches: Watch[] = [
  { condition: { kind: 'level', code: '8867-4', unit: '/min', above: 120 }, clear: { readings: 2, below: 110 } },
  {
    condition: { kind: 'level', code: '8867-4', unit: '/min', above: 120, below: 50, sustained: { atLeast: 2, of: 4 } },
    clear: { readings: 1 },
  },
  {
    condition: { kind: 'level', code: '8867-4', unit: '/min', above: 110, sustained: { minutes: 10 } },
    clear: { readings: 2, minutes: 5 },
  },
  { condition: { kind: 'rate', code: '8867-4', unit: '/min', rises: 40, withinMinutes: 20 }, clear: { readings: 1 } },
].map((watch) => ({ ...watch, maxAgeMinutes }) as Watch);

interface Taken {
  at: number;
  value: number;
  delay: number;
}
const stream = fc.uniqueArray(
  fc.record({
    at: fc.integer({ min: 0, max: 240 }),
    value: fc.integer({ min: 40, max: 160 }),
    delay: fc.integer({ min: 0, max: maxAgeMinutes }),
  }),
  { maxLength: 80, selector: ({ at }) => at },
);

const toReading = ({ at, value, delay }: Taken): Reading => ({
  readingId: `reading-${at}`,
  patientId,
  code: '8867-4',
  unit: '/min',
  value,
  effectiveAt: new Date(start + at * minute).toISOString(),
  receivedAt: new Date(start + (at + delay) * minute).toISOString(),
  certainty: 'sure',
  flags: [],
});
const asInputs = (taken: Taken[]): Input[] =>
  asTheyCame(taken.map(toReading)).map((reading) => ({ kind: 'reading', reading }));

describe.each(watches)('$condition.kind $condition.sustained', (watch) => {
  const rule: Rule = { id: 'rule', version: 1, watch };

  it('finds the same episodes whatever the order in which readings come that are in time', () => {
    fc.assert(
      fc.property(stream, (taken) => {
        const prompt = taken.map((each) => ({ ...each, delay: 0 }));
        const inOrder = run(rule, patientId, start, asInputs(prompt)).episodes;
        expect(run(rule, patientId, start, asInputs(taken)).episodes).toEqual(inOrder);
      }),
      { numRuns: 300 },
    );
  });

  it('finds the same live, restarted after every step, as in a replay of the log, and again in a second one', () => {
    fc.assert(
      fc.property(stream, (taken) => {
        const log = taken.map(toReading);
        const replayed = replay(rule, patientId, log, start, start + 300 * minute, 'Europe/Paris');
        expect(run(rule, patientId, start, asInputs(taken)).episodes).toEqual(replayed.episodes);
        expect(replay(rule, patientId, log.toReversed(), start, start + 300 * minute, 'Europe/Paris')).toEqual(
          replayed,
        );
      }),
    );
  });

  it('never has two episodes at once, and none that overlaps the next', () => {
    fc.assert(
      fc.property(stream, (taken) => {
        const { episodes } = run(rule, patientId, start, asInputs(taken));
        episodes.slice(0, -1).forEach(({ end }, nth) => {
          expect(end !== undefined && end < (episodes[nth + 1]?.start ?? '')).toBe(true);
        });
      }),
    );
  });

  it('takes nothing from a reading that comes twice', () => {
    fc.assert(
      fc.property(stream, (taken) => {
        const inputs = asInputs(taken);
        const twice = inputs.flatMap((input) => [input, input]);
        expect(run(rule, patientId, start, twice).episodes).toEqual(run(rule, patientId, start, inputs).episodes);
      }),
    );
  });
});

describe('a gap', () => {
  const watch: Watch = { condition: { kind: 'gap', code: '8867-4', minutes: 20 }, maxAgeMinutes };
  const rule: Rule = { id: 'rule', version: 1, watch };

  it('is the same whenever somebody looks', () => {
    fc.assert(
      fc.property(stream, fc.array(fc.integer({ min: 0, max: 240 }), { maxLength: 30 }), (taken, looks) => {
        const readings = asInputs(taken);
        const at = (input: Input) => (input.kind === 'tick' ? input.at : Date.parse(input.reading.receivedAt));
        const ticks = looks.map((look): Input => ({ kind: 'tick', at: start + look * minute }));
        const last: Input = { kind: 'tick', at: start + 400 * minute };
        const both = [...readings, ...ticks].sort((one, other) => at(one) - at(other));
        const looked = run(rule, patientId, start, [...both, last]).episodes;
        expect(looked).toEqual(run(rule, patientId, start, [...readings, last]).episodes);
      }),
    );
  });

  it('says when it has to be looked at, and that once', () => {
    const state = begin(rule, patientId, start);
    const due = tickDueAt(rule, state, 'Europe/Paris') as number;
    expect(due).toBe(start + 20 * minute);
    const { state: open, candidates } = evaluate(rule, state, { kind: 'tick', at: due }, 'Europe/Paris');
    expect(candidates.map(({ kind }) => kind)).toEqual(['started']);
    expect(tickDueAt(rule, open, 'Europe/Paris')).toBeUndefined();
    expect(evaluate(rule, open, { kind: 'tick', at: due + minute }, 'Europe/Paris').candidates).toEqual([]);
  });
});

describe('what an engine keeps', () => {
  it('does not grow with the readings of a device that sends each second', () => {
    const rule: Rule = { id: 'rule', version: 1, watch: watches[1] as Watch };
    let state = begin(rule, patientId, start);
    let found: Candidate[] = [];
    for (let second = 0; second < 2_000; second += 1) {
      const taken = { at: second / 60, value: second < 1_500 ? 80 : 150, delay: 0 };
      const next = evaluate(rule, state, { kind: 'reading', reading: toReading(taken) }, 'Europe/Paris');
      state = next.state;
      found = [...found, ...next.candidates];
    }
    expect(JSON.stringify(state).length).toBeLessThan(40_000);
    expect(found.filter(({ kind }) => kind === 'started')).toHaveLength(1);
  });
});

describe('a rule', () => {
  const document = {
    title: 'Pulse above 120',
    ...(watches[0] as Watch),
    priority: 'high',
    steps: [{ afterMinutes: 0, to: [someone] }],
    lastResort: { afterMinutes: 30, to: someone },
    snoozeMinutesMax: 60,
  };
  const level = document.condition;

  it.each([
    ['without a limit', { condition: { kind: 'level', code: '8867-4', unit: '/min' } }, 'condition'],
    ['that clears where it rings', { clear: { readings: 1, below: 130 } }, 'clear.below'],
    [
      'that no value clears',
      { condition: { ...level, below: 50 }, clear: { readings: 1, above: 100, below: 90 } },
      'clear.above',
    ],
    ['without a clear condition', { clear: undefined }, 'clear'],
    ['of a gap with one', { condition: { kind: 'gap', code: '8867-4', minutes: 60 } }, 'clear'],
    [
      'that rises and falls',
      { condition: { kind: 'rate', code: '8867-4', unit: '/min', rises: 1, falls: 1, withinMinutes: 5 } },
      'condition',
    ],
    [
      'of more readings than it looks at',
      { condition: { ...level, sustained: { atLeast: 4, of: 3 } } },
      'condition.sustained.atLeast',
    ],
    [
      'whose steps go backwards',
      {
        steps: [
          { afterMinutes: 5, to: [someone] },
          { afterMinutes: 5, to: [someone] },
        ],
      },
      'steps.1.afterMinutes',
    ],
    [
      'whose last resort comes first',
      { lastResort: { afterMinutes: 1, to: someone }, steps: [{ afterMinutes: 5, to: [someone] }] },
      'lastResort.afterMinutes',
    ],
    ['without steps', { steps: [] }, 'steps'],
    [
      'on the clock of nowhere',
      { schedule: { zone: 'Europe/Atlantis', times: [{ days: ['mon'], from: '08:00', until: '09:00' }] } },
      'schedule.zone',
    ],
    ['with a limit that is no number', { condition: { ...level, above: Number.NaN } }, 'condition.above'],
  ])('%s is refused', (_, changed, path) => {
    const { error } = ruleDocument.safeParse({ ...document, ...changed });
    expect(error?.issues.map((issue) => issue.path.join('.'))).toContain(path);
  });

  it('may ring and clear at different limits', () => {
    expect(ruleDocument.parse(document)).toEqual(document);
  });
});
