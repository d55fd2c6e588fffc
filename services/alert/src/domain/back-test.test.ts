import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { BackTest } from './back-test.js';
import type { Reading } from './engine/reading.js';
import { replay, replayInTurns } from './engine/replay.js';
import { type RuleDocument, ruleDocument } from './engine/rule.js';
import type { ReadingLog } from './ports.js';
import { runnable } from './watch-rule.js';

const now = new Date('2026-11-20T10:00:00Z');
const minute = 60_000;
const practitionerId = randomUUID();

const document: RuleDocument = ruleDocument.parse({
  title: 'Pulse above 120',
  condition: { kind: 'level', code: '8867-4', unit: '/min', above: 120 },
  clear: { readings: 1, below: 110 },
  maxAgeMinutes: 30,
  priority: 'medium',
  steps: [{ afterMinutes: 0, to: [practitionerId] }],
  lastResort: { afterMinutes: 20, to: practitionerId },
  snoozeMinutesMax: 60,
});
const rule = runnable({ id: randomUUID(), version: 1, document });

/** So many in a row until now, a minute apart; of each ten the last two are high. */
function readingsOf(patientId: string, count: number): Reading[] {
  return Array.from({ length: count }, (_, nth): Reading => {
    const at = new Date(now.getTime() - (count - nth) * minute).toISOString();
    const value = nth % 10 < 8 ? 80 : 140;
    const what = { code: '8867-4', unit: '/min', value, certainty: 'sure' as const, flags: [] };
    return { readingId: randomUUID(), patientId, effectiveAt: at, receivedAt: at, ...what };
  });
}

/** A log that answers when it is told to, and knows of how many it was asked at once. */
class SlowLog implements ReadingLog {
  readonly asked: string[] = [];
  underWay = 0;
  mostUnderWay = 0;
  answer: (patientId: string) => Promise<Reading[]>;
  private readonly ids: string[];

  constructor(ids: string[], answer: (patientId: string) => Promise<Reading[]>) {
    this.ids = ids;
    this.answer = answer;
  }

  async patients(): Promise<string[]> {
    return this.ids;
  }

  async readings(patientId: string): Promise<Reading[]> {
    this.asked.push(patientId);
    this.underWay += 1;
    this.mostUnderWay = Math.max(this.mostUnderWay, this.underWay);
    try {
      return await this.answer(patientId);
    } finally {
      this.underWay -= 1;
    }
  }
}

const patients = Array.from({ length: 12 }, () => randomUUID());
const run = (log: ReadingLog, monotonicMs?: () => number) =>
  new BackTest(log, monotonicMs).run(rule, document, undefined, 10, 'Europe/Paris', now);
const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

describe('a back-test of all patients', () => {
  it('asks for some while the rule runs over those before, and finds of each what it finds alone', async () => {
    const log = new SlowLog(patients, async (patientId) => {
      await nextTurn();
      return readingsOf(patientId, 100);
    });
    const result = await run(log);
    expect(log.asked).toEqual(patients);
    expect(log.mostUnderWay).toBe(4);
    expect(result).toMatchObject({ patients: 12, readings: 1_200, alerts: 120, questions: 0 });
    expect(result.byPatient.map(({ alerts }) => alerts)).toEqual(patients.map(() => 10));
  });

  it('asks for one at a time where somebody has very many', async () => {
    const log = new SlowLog(patients.slice(0, 3), async (patientId) => {
      await nextTurn();
      return readingsOf(patientId, 25_000);
    });
    expect(await run(log)).toMatchObject({ patients: 3, readings: 75_000 });
    expect(log.mostUnderWay).toBe(1);
  });

  it('ends with the first failure, though others that were asked for fail as well', async () => {
    const log = new SlowLog(patients, async (patientId) => {
      await nextTurn();
      const nth = (patients as string[]).indexOf(patientId);
      if (nth >= 3) throw new Error(`failed at ${nth}`);
      return readingsOf(patientId, 10);
    });
    await expect(run(log)).rejects.toThrow('failed at 3');
  });

  it('comes to an end when nobody waits for it any more', async () => {
    const log = new SlowLog(patients, async (patientId) => readingsOf(patientId, 10));
    let ms = 0;
    const slowly = () => {
      ms += 30_000;
      return ms;
    };
    await expect(run(log, slowly)).rejects.toMatchObject({ code: 'BACK_TEST.TOO_MUCH' });
    expect(log.asked.length).toBeLessThan(patients.length);
  });

  it('finds in turns what it finds at one go', async () => {
    const [patientId] = patients as [string];
    const log = readingsOf(patientId, 2_500);
    const [from, until] = [now.getTime() - 2_500 * minute, now.getTime()];
    const atOneGo = replay(rule, patientId, log, from, until, 'Europe/Paris');
    expect(atOneGo.episodes).toHaveLength(250);
    expect(await replayInTurns(rule, patientId, log, from, until, 'Europe/Paris')).toEqual(atOneGo);
  });

  it('leaves the process to others while it goes through the many readings of one', async () => {
    const log = new SlowLog(patients.slice(0, 1), async (patientId) => readingsOf(patientId, 20_000));
    const ran = run(log);
    let [isOver, turns] = [false, 0];
    void ran.finally(() => {
      isOver = true;
    });
    while (!isOver) {
      await nextTurn();
      turns += 1;
    }
    expect((await ran).readings).toBe(20_000);
    expect(turns).toBeGreaterThan(10);
  });
});
