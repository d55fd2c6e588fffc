import type { EventData } from '@cabinet/contracts';
import type { Clock } from '@cabinet/kit/clock';
import { currentPatientId } from '@cabinet/postgres/gone-patients';
import type { EntityManager, Orm } from '@cabinet/postgres/orm';
import { begin, type Candidate, type EngineState, evaluate, type Input, type Rule } from '../domain/engine/evaluate.js';
import { unitsOf } from '../domain/engine/machine.js';
import type { Reading } from '../domain/engine/reading.js';
import { asTheyCame } from '../domain/engine/replay.js';
import type { Settings } from '../domain/settings.js';
import { isForStream, runnable } from '../domain/watch-rule.js';
import { type EnabledRule, enabledRules, rulesFor } from './enabled-rules.js';
import { rowOf, type StateRow, type StoredState, statesOf, storeStates, timingsOf } from './engine-states.js';
import { arrayOf } from './fragments.js';
import { beat, beatBySeconds } from './heartbeats.js';
import { waitForPatientChanges } from './patient-changes.js';
import { readSettings } from './read-settings.js';
import type { Finding, TakeCandidates } from './take-candidates.js';

const patientLock = 7_410_011;
/** So few that whose readings come at that moment does not wait for long. */
const ticksAtOnce = 50;
/** After so many others have their turn. */
const ticksInARound = 2_000;
const againMs = 60_000;
const hourMs = 3_600_000;

/** Runs the rules over what comes and over what does not come; what it knows of each patient is stored with what it finds. */
export class Watching {
  constructor(
    private readonly orm: Orm,
    private readonly found: TakeCandidates,
    private readonly clock: Clock,
    private readonly report: (error: unknown, ruleId: string) => void,
  ) {}

  /** In the transaction in which it is noted that the readings were heard. @returns whether something came of them */
  async hear(tx: EntityManager, readings: readonly Reading[]): Promise<boolean> {
    const now = this.clock.now();
    const changed = await this.evaluate(tx, readings, now);
    // Last of all: whoever else hears something waits for its row.
    await beatBySeconds(tx, 'readings', now);
    return changed > 0;
  }

  private async evaluate(tx: EntityManager, readings: readonly Reading[], now: Date): Promise<number> {
    const settings = await readSettings(tx);
    if (!settings.firstOnAt) return 0;
    await waitForPatientChanges(tx);
    const byPatient = await ofCurrentPatients(tx, readings);
    if (byPatient.size === 0) return 0;
    const patientIds = [...byPatient.keys()];
    await lockPatients(tx, patientIds);
    await noteHeard(tx, patientIds, now);
    const rules = await enabledRules(tx, !settings.isOn, patientIds);
    const inputs = new Map(
      [...byPatient].map(([patientId, all]): [string, Input[]] => [
        patientId,
        asTheyCame(all).map((reading) => ({ kind: 'reading', reading })),
      ]),
    );
    return this.run(tx, rules, inputs, settings, now);
  }

  /**
   * Takes what the stream has found, where the practice goes by it and its rules are still what they were. What this service knows of
   * the patients goes on beside it, so that it can ring again at once.
   */
  async takeDetected(tx: EntityManager, detected: readonly EventData<'alert-candidates.detected'>[]): Promise<void> {
    const now = this.clock.now();
    const settings = await readSettings(tx);
    if (!settings.firstOnAt || settings.engine !== 'stream') return;
    await waitForPatientChanges(tx);
    const byPatient = await ofCurrentPatients(tx, detected);
    const patientIds = [...byPatient.keys()];
    await lockPatients(tx, patientIds);
    const rules = (await enabledRules(tx, !settings.isOn, patientIds)).filter(isForStream);
    const findings = [...byPatient].flatMap(([patientId, all]) => {
      const its = new Map(rulesFor(rules, patientId).map((rule) => [rule.id, rule]));
      return all.flatMap(({ ruleId, ruleVersion, candidates }): Finding[] => {
        const rule = its.get(ruleId);
        return rule?.version === ruleVersion ? [{ patientId, rule, candidates }] : [];
      });
    });
    await this.found.take(tx, findings, now);
  }

  /** The stream has looked at what there was. */
  streamGoesOn(tx: EntityManager): Promise<unknown> {
    return beat(tx, 'stream', this.clock.now());
  }

  /**
   * Looks at those of whom a reading is missed by now: when the network of a whole region fails, at very many, one transaction for
   * some of them.
   * @returns whether there may be more
   */
  async tickDue(): Promise<boolean> {
    const now = this.clock.now();
    for (let looked = 0; looked < ticksInARound; looked += ticksAtOnce) {
      const due = await this.orm.em
        .fork()
        .execute<{ patient_id: string }[]>(
          `select patient_id from engine_state where tick_at <= ? order by tick_at limit ${ticksAtOnce}`,
          [now],
        );
      const patientIds = [...new Set(due.map(({ patient_id }) => patient_id))];
      if (patientIds.length > 0) await this.tick(patientIds, now);
      if (due.length < ticksAtOnce) return false;
    }
    return true;
  }

  private async tick(patientIds: string[], now: Date): Promise<void> {
    await this.orm.em.fork().transactional(async (tx) => {
      await waitForPatientChanges(tx);
      await lockPatients(tx, patientIds);
      const input: Input = { kind: 'tick', at: now.getTime() };
      const inputs = new Map(patientIds.map((patientId): [string, Input[]] => [patientId, [input]]));
      await this.run(tx, await enabledRules(tx, true, patientIds), inputs, await readSettings(tx), now);
      // Of a rule that could not be run it is tried again.
      await tx.execute('update engine_state set tick_at = ? where patient_id = any(?::uuid[]) and tick_at <= ?', [
        new Date(now.getTime() + againMs),
        arrayOf(patientIds),
        now,
      ]);
    });
  }

  /** Of a patient with a rule of their own that watches a gap, it begins though nothing has ever come. */
  async expect(tx: EntityManager, rule: EnabledRule, patientId: string, now: Date, zone: string): Promise<void> {
    await lockPatients(tx, [patientId]);
    const states = await statesOf(tx, [patientId]);
    if (states.has(`${patientId} ${rule.id}`)) return;
    const run = runnable(rule);
    await storeStates(tx, [rowOf(run, begin(run, patientId, now.getTime()), zone)]);
  }

  /** @returns how many alerts changed */
  private async run(
    tx: EntityManager,
    rules: readonly EnabledRule[],
    inputs: ReadonlyMap<string, Input[]>,
    { zone, engine }: Settings,
    now: Date,
  ): Promise<number> {
    const states = await statesOf(tx, [...inputs.keys()]);
    const timings = await timingsOf(tx, [...inputs.keys()]);
    const findings: Finding[] = [];
    const rows: StoredState[] = [];
    for (const [patientId, all] of inputs) {
      for (const rule of rulesFor(rules, patientId)) {
        const key = `${patientId} ${rule.id}`;
        const known = states.get(key);
        const run = runnable(rule, timings.get(key));
        const its = all.filter((input) => concerns(run, input, known !== undefined));
        const [first] = its;
        if (!first) continue;
        try {
          const { state, candidates } = evaluateAll(run, stateFor(run, known, patientId, first), its, zone);
          rows.push(rowOf(run, state, zone));
          const rings = engine === 'service' || !isForStream(rule);
          if (rings && candidates.length > 0) findings.push({ patientId, rule, candidates });
        } catch (error) {
          // A defect of one rule keeps no other from ringing.
          this.report(error, rule.id);
        }
      }
    }
    await storeStates(tx, rows);
    return this.found.take(tx, findings, now);
  }
}

const concerns = (rule: Rule, input: Input, isKnown: boolean): boolean =>
  input.kind === 'tick' ? isKnown : unitsOf(rule.watch.condition).has(input.reading.code);

function evaluateAll(rule: Rule, begun: EngineState, inputs: readonly Input[], zone: string) {
  let state = begun;
  const candidates: Candidate[] = [];
  for (const input of inputs) {
    const next = evaluate(rule, state, input, zone);
    state = next.state;
    candidates.push(...next.candidates);
  }
  return { state, candidates };
}

const cameAt = (input: Input): number => (input.kind === 'tick' ? input.at : Date.parse(input.reading.receivedAt));

/** A version that watches something else begins anew; when a reading last came is known all the same. */
function stateFor(rule: Rule, known: StateRow | undefined, patientId: string, first: Input): EngineState {
  if (known?.rule_version === rule.version) return known.state;
  const fresh = begin(rule, patientId, cameAt(first));
  const last = known?.state.gap?.last;
  return fresh.gap && last !== undefined ? { ...fresh, gap: { last } } : fresh;
}

/** By the patients whom they are of by now; what is of somebody erased is of nobody. */
async function ofCurrentPatients<T extends { patientId: string }>(
  tx: EntityManager,
  given: readonly T[],
): Promise<Map<string, T[]>> {
  const byPatient = new Map<string, T[]>();
  const byId = Map.groupBy(given, ({ patientId }) => patientId);
  const rows = await tx.execute<{ patient_id: string }[]>(
    'select patient_id from patient_gone where patient_id = any(?::uuid[])',
    [arrayOf([...byId.keys()])],
  );
  const gone = new Set(rows.map(({ patient_id }) => patient_id));
  for (const [id, all] of byId) {
    const patientId = gone.has(id) ? await currentPatientId(tx, id) : id;
    if (patientId) byPatient.set(patientId, [...(byPatient.get(patientId) ?? []), ...all]);
  }
  return byPatient;
}

/** In one order, so that two who lock several wait for each other and not in a circle. */
const lockPatients = (tx: EntityManager, patientIds: string[]): Promise<unknown> =>
  tx.execute(
    `select pg_advisory_xact_lock(?, hash) from (
       select distinct hashtext(id) as hash from jsonb_array_elements_text(?::jsonb) as id order by hash) as hashes`,
    [patientLock, JSON.stringify(patientIds)],
  );

/** To an hour, which is enough to find whom to replay: else the row of everybody would be written anew with each reading. */
const noteHeard = (tx: EntityManager, patientIds: readonly string[], now: Date): Promise<unknown> =>
  tx.execute(
    `insert into heard_patient (patient_id, first_at, last_at)
     select id::uuid, ?, ? from jsonb_array_elements_text(?::jsonb) as id
     where not exists (select from heard_patient where patient_id = id::uuid and last_at > ?) order by id
     on conflict (patient_id) do update set last_at = greatest(heard_patient.last_at, excluded.last_at)`,
    [now, now, JSON.stringify(patientIds), new Date(now.getTime() - hourMs)],
  );

/** A patient's own time has changed: when a reading is missed is worked out anew. */
export async function retimeTick(
  tx: EntityManager,
  rule: EnabledRule,
  patientId: string,
  minutes: number,
  zone: string,
) {
  await lockPatients(tx, [patientId]);
  const row = (await statesOf(tx, [patientId])).get(`${patientId} ${rule.id}`);
  if (row) await storeStates(tx, [rowOf(runnable(rule, minutes), row.state, zone)]);
}
