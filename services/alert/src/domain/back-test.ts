import { InvalidInput } from '@cabinet/kit/errors';
import { DateTime } from 'luxon';
import type { BackTestResult } from './back-test-result.js';
import type { Rule } from './engine/evaluate.js';
import { unitsOf } from './engine/machine.js';
import type { Reading } from './engine/reading.js';
import { type Replayed, type ReplayedEpisode, replayInTurns } from './engine/replay.js';
import type { RuleDocument } from './engine/rule.js';
import { errorCodes } from './error-codes.js';
import type { ReadingLog } from './ports.js';

const dayMs = 86_400_000;
const listedMax = 50;
/** Readings of few patients at a time are in memory, and no more than this of all are gone through. */
const readingsMax = 2_000_000;
const ofPatientMax = 500_000;
/** Of so many patients readings are asked for while those of one are gone through; of one where somebody has more than so many. */
const askedAheadMax = 4;
const manyOfPatient = 25_000;
/** Nobody waits for longer: it would go on for nobody. */
const msMax = 110_000;

/** Replays stored readings through the engine that is in force: it finds what would have been found live. */
export class BackTest {
  constructor(
    private readonly log: ReadingLog,
    private readonly monotonicMs: () => number = () => performance.now(),
  ) {}

  /**
   * @param patientId of this one alone; left out: of all
   * @throws InvalidInput (422) when there is too much, Unavailable (503) when readings cannot be had
   */
  async run(
    rule: Rule,
    document: RuleDocument,
    patientId: string | undefined,
    days: number,
    zone: string,
    now: Date,
  ): Promise<BackTestResult> {
    const from = new Date(now.getTime() - days * dayMs);
    const patients = patientId ? [patientId] : await this.log.patients(from);
    const codes = [...unitsOf(rule.watch.condition).keys()];
    const episodes: ReplayedEpisode[] = [];
    let [readings, questions] = [0, 0];
    const began = this.monotonicMs();
    const ask = (each: string) => this.log.readings(each, codes, from, now, ofPatientMax);
    for await (const [each, all] of readAhead(patients, ask)) {
      readings += all.length;
      const isOverdue = this.monotonicMs() - began > msMax;
      if (all.length > ofPatientMax || readings > readingsMax || isOverdue) throw tooMuch();
      const found = await this.of(rule, each, all, from, now, zone, patientId !== undefined);
      for (const episode of found.episodes) episodes.push(episode);
      questions += found.questions.length;
    }
    return { ...summary(episodes, document, zone, from, now, days), patients: patients.length, readings, questions };
  }

  /** Of somebody of whom nothing ever came nothing is missed, unless the rule is theirs. */
  private async of(
    rule: Rule,
    patientId: string,
    all: Reading[],
    from: Date,
    now: Date,
    zone: string,
    isOwn: boolean,
  ): Promise<Replayed> {
    if (all.length === 0 && !isOwn) return { episodes: [], questions: [] };
    const first = all.reduce((least, { receivedAt }) => Math.min(least, Date.parse(receivedAt)), now.getTime());
    return replayInTurns(rule, patientId, all, isOwn ? from.getTime() : first, now.getTime(), zone);
  }
}

/**
 * The readings of each patient, in the order of the patients: who keeps them reads them while the rule is run over those before. It
 * begins with one patient ahead, until it is seen how much that is.
 */
async function* readAhead(
  patients: readonly string[],
  ask: (patientId: string) => Promise<Reading[]>,
): AsyncGenerator<[patientId: string, readings: Reading[]]> {
  const asked: Promise<Reading[]>[] = [];
  let [next, most] = [0, manyOfPatient];
  const askAhead = () => {
    const ahead = most < manyOfPatient ? askedAheadMax : 1;
    for (; asked.length < ahead && next < patients.length; next += 1) {
      const reading = ask(patients[next] as string);
      // Whoever gives up before its turn hears of one failure alone.
      reading.catch(() => undefined);
      asked.push(reading);
    }
  };
  askAhead();
  for (const [nth, patientId] of patients.entries()) {
    const readings = (await asked.shift()) as Reading[];
    most = nth === 0 ? readings.length : Math.max(most, readings.length);
    askAhead();
    yield [patientId, readings];
  }
}

const tooMuch = (): InvalidInput =>
  new InvalidInput(
    [{ path: 'days', code: 'BACK_TEST.TOO_MUCH', message: `has more than ${readingsMax} readings, or takes too long` }],
    'BACK_TEST.TOO_MUCH',
    errorCodes['BACK_TEST.TOO_MUCH'].title,
  );

function summary(
  episodes: readonly ReplayedEpisode[],
  document: RuleDocument,
  zone: string,
  from: Date,
  until: Date,
  days: number,
): Omit<BackTestResult, 'patients' | 'readings' | 'questions'> {
  const rang = episodes.filter(({ isLate }) => !isLate);
  const minutesOf = ({ start, end }: ReplayedEpisode) =>
    ((end ? Date.parse(end) : until.getTime()) - Date.parse(start)) / 60_000;
  const called = callsOf(rang, document, minutesOf);
  const most = Math.max(0, ...called.map(({ times }) => times));
  const perDay = (count: number) => Math.round((count / days) * 100) / 100;
  return {
    from: from.toISOString(),
    until: until.toISOString(),
    days,
    alerts: rang.length,
    alertsADay: perDay(rang.length),
    alertsADayOfOne: perDay(most),
    atNight: rang.filter(({ start }) => isNight(start, document.schedule?.zone ?? zone)).length,
    longestMinutes: Math.round(Math.max(0, ...rang.map(minutesOf))),
    byPatient: countBy(rang, ({ patientId }) => patientId)
      .slice(0, listedMax)
      .map(([patientId, alerts]) => ({ patientId, alerts })),
    called,
    late: episodes.length - rang.length,
  };
}

/** Who would have been called if nobody had answered: each step that came before the episode cleared. */
function callsOf(
  rang: readonly ReplayedEpisode[],
  { steps, lastResort, priority }: RuleDocument,
  minutesOf: (episode: ReplayedEpisode) => number,
): BackTestResult['called'] {
  const all = [...steps, { ...lastResort, to: [lastResort.to] }];
  const calls = rang.flatMap((episode) => {
    const lasted = minutesOf(episode);
    const came = all.filter(({ afterMinutes }) => afterMinutes === 0 || priority === 'high' || afterMinutes <= lasted);
    return [...new Set(came.flatMap(({ to }) => to))];
  });
  return countBy(calls, (practitionerId) => practitionerId).map(([practitionerId, times]) => ({
    practitionerId,
    times,
  }));
}

const countBy = <T>(items: readonly T[], keyOf: (item: T) => string): [string, number][] =>
  [...Map.groupBy(items, keyOf)]
    .map(([key, all]): [string, number] => [key, all.length])
    .sort(([one, first], [other, second]) => second - first || (one < other ? -1 : 1));

function isNight(start: string, zone: string): boolean {
  const { hour } = DateTime.fromISO(start, { zone });
  return hour >= 22 || hour < 7;
}
