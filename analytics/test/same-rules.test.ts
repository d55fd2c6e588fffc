import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { workTree } from '../../dev/cache.mjs';
import {
  begin,
  type Candidate,
  evaluate,
  type Input,
  type Rule,
} from '../../services/alert/src/domain/engine/evaluate.js';
import type { Reading } from '../../services/alert/src/domain/engine/reading.js';
import type { Watch } from '../../services/alert/src/domain/engine/rule.js';
import { episodesOf, PythonEngine, type Run } from './engines.js';

interface Vector {
  name: string;
  zone: string;
  patientId: string;
  ruleId: string;
  from: string;
  watch: Watch;
  inputs: ({ reading: Reading } | { tick: string })[];
  episodes: unknown[];
  questions: string[];
  missing: string[];
}

const { vectors } = JSON.parse(readFileSync(join(workTree, 'packages/contracts/vectors/alert-rules.json'), 'utf8')) as {
  vectors: Vector[];
};

const inputOf = (each: Vector['inputs'][number]): Input =>
  'tick' in each ? { kind: 'tick', at: Date.parse(each.tick) } : { kind: 'reading', reading: each.reading };

let python: PythonEngine;
beforeAll(() => {
  python = new PythonEngine();
});
afterAll(() => python[Symbol.asyncDispose]());

describe('the engine on Spark finds what the published vectors say:', () => {
  it.each(vectors)('$name', async ({ watch, zone, patientId, ruleId, from, inputs, ...expected }) => {
    const rule = { id: ruleId, version: 1, watch };
    const run = { rule, patientId, zone, from: Date.parse(from), inputs: inputs.map(inputOf) };
    const candidates = (await python.find(run)).flat();
    const episodes = episodesOf(patientId, candidates).map(({ key: _, patientId: __, ...each }) => each);
    const doubts = new Map(
      candidates.flatMap((each) => (each.kind === 'question' ? [[each.readingId, each.doubt]] : [])),
    );
    const missing = candidates.findLast((each) => each.kind === 'incomplete')?.missing ?? [];
    expect({ episodes, questions: [...doubts.values()], missing }).toEqual({
      episodes: expected.episodes,
      questions: expected.questions,
      missing: expected.missing,
    });
  });
});

/** What the engine of the alert service finds at each input. */
function inTypeScript({ rule, patientId, from, zone, inputs }: Run): Candidate[][] {
  let state = begin(rule, patientId, from);
  return inputs.map((input) => {
    const next = evaluate(rule, state, input, zone);
    state = next.state;
    return next.candidates;
  });
}

const patientId = '019a8f3e-1111-7c55-9b1c-3f1b8f5f2d11';
// The clocks go back in this night in Paris, and the other one has an hour that there is not.
const nights = ['2026-10-24T20:00:00Z', '2026-03-28T20:00:00Z', '2026-11-20T08:00:00Z'].map(Date.parse);
const minute = 60_000;
const maxAgeMinutes = 30;
const night = { times: [{ days: ['sat', 'sun'], from: '22:30', until: '02:30' }] } as Watch['schedule'];
const pulse = { code: '8867-4', unit: '/min' };
const watches = [
  { condition: { kind: 'level', ...pulse, above: 120 }, clear: { readings: 2, below: 110 } },
  {
    condition: { kind: 'level', ...pulse, above: 120, below: 50, sustained: { atLeast: 2, of: 4 } },
    clear: { readings: 1 },
  },
  {
    condition: { kind: 'level', ...pulse, above: 110, sustained: { minutes: 10 } },
    clear: { readings: 2, minutes: 5 },
  },
  { condition: { kind: 'level', ...pulse, above: 110 }, clear: { readings: 1 }, schedule: night },
  { condition: { kind: 'rate', ...pulse, rises: 40, withinMinutes: 20 }, clear: { readings: 1 } },
  { condition: { kind: 'rate', ...pulse, falls: 40, withinMinutes: 20 }, clear: { readings: 2 }, schedule: night },
  { condition: { kind: 'gap', code: '8867-4', minutes: 20 } },
  { condition: { kind: 'gap', code: '8867-4', minutes: 20 }, schedule: night },
  {
    condition: { kind: 'score', score: 'NEWS2', oxygenScale: 2, total: 5, single: true, freshMinutes: 60 },
    clear: { readings: 1, below: 4 },
  },
].map((watch) => ({ ...watch, maxAgeMinutes }) as Watch);

const codes: [code: string, unit: string, min: number, max: number][] = [
  ['8867-4', '/min', 40, 160],
  ['9279-1', '/min', 5, 30],
  ['59408-5', '%', 80, 100],
  ['3151-8', 'L/min', 0, 3],
  ['8480-6', 'mm[Hg]', 80, 230],
  ['67775-7', '{score}', 0, 2],
  ['8310-5', 'Cel', 34, 41],
];

const taken = fc
  .record({
    nth: fc.integer({ min: 0, max: 999 }),
    which: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.integer({ min: 0, max: codes.length - 1 })),
    share: fc.integer({ min: 0, max: 1_000 }),
    at: fc.integer({ min: 0, max: 600 }),
    delay: fc.oneof(
      { weight: 4, arbitrary: fc.integer({ min: 0, max: maxAgeMinutes }) },
      fc.integer({ min: 31, max: 500 }),
    ),
    certainty: fc.constantFrom('sure', 'sure', 'sure', 'likely', 'doubtful' as const),
    flags: fc.constantFrom([], [], [], ['implausible'], ['out-of-scale']),
    corrects: fc.option(fc.integer({ min: 0, max: 999 }), { freq: 4 }),
  })
  .map(({ nth, which, share, at, delay, certainty, flags, corrects }) => {
    const [code, unit, min, max] = codes[which] ?? ['8867-4', '/min', 40, 160];
    const value = Math.round((min + ((max - min) * share) / 1_000) * 10) / 10;
    const reading = { readingId: `reading-${nth}`, patientId, code, unit, value, certainty, flags };
    return { at, delay, reading, corrects };
  });

const log = fc
  .record({ start: fc.constantFrom(...nights), readings: fc.array(taken, { maxLength: 60 }) })
  .map(({ start, readings }) => ({
    start,
    inputs: readings
      .map(({ at, delay, reading, corrects }) => ({
        ...reading,
        effectiveAt: new Date(start + at * minute).toISOString(),
        receivedAt: new Date(start + (at + delay) * minute).toISOString(),
        ...(corrects !== null && { isCorrectionOf: `reading-${corrects}` }),
      }))
      .sort((one, other) => (one.receivedAt < other.receivedAt ? -1 : 1))
      .map((reading): Input => ({ kind: 'reading', reading: reading as Reading })),
  }));

describe.each(watches)('both engines, of $condition.kind $condition.sustained $schedule', (watch) => {
  const rule: Rule = { id: 'rule', version: 1, watch };

  it('find the same at each reading of the same log', async () => {
    await fc.assert(
      fc.asyncProperty(log, fc.integer({ min: 0, max: 1_200 }), async ({ start, inputs }, look) => {
        const at = start + look * minute;
        const looked: Input[] = [...inputs, { kind: 'tick', at: Math.max(at, start + 1_200 * minute) }];
        const run = { rule, patientId, from: start, zone: 'Europe/Paris', inputs: looked };
        expect(await python.find(run)).toEqual(JSON.parse(JSON.stringify(inTypeScript(run))));
      }),
      { numRuns: 200 },
    );
  });
});
