import type { EventData } from '@cabinet/contracts';
import type { Clock } from '@cabinet/kit/clock';
import { currentPatientId } from '@cabinet/postgres/gone-patients';
import type { EntityManager, Orm } from '@cabinet/postgres/orm';
import {
  begin,
  type Candidate,
  type EngineState,
  evaluate,
  type Input,
  type Rule,
  tickDueAt,
} from '../domain/engine/evaluate.js';
import { unitsOf } from '../domain/engine/machine.js';
import type { Reading } from '../domain/engine/reading.js';
import { asTheyCame } from '../domain/engine/replay.js';
import type { Settings } from '../domain/settings.js';
import { isForStream, runnable } from '../domain/watch-rule.js';
import { type EnabledRule, enabledRules, rulesFor } from './enabled-rules.js';
import { arrayOf } from './fragments.js';
import { beat } from './heartbeats.js';
import { waitForPatientChanges } from './patient-changes.js';
import { readSettings } from './read-settings.js';
import type { Finding, TakeCandidates } from './take-candidates.js';

const patientLock = 7_410_011;
const ticksAtOnce = 50;
const againMs = 60_000;

interface StateRow {
  patient_id: string;
  rule_id: string;
  rule_version: number;
  state: EngineState;
}

/** Runs the rules over what comes and over what does not come; what it knows of each patient is stored with what it finds. */
export class Watching {
  constructor(
    private readonly orm: Orm,
    private readonly found: TakeCandidates,
    private readonly clock: Clock,
    private readonly report: (error: unknown, ruleId: string) => void,
  ) {}

  /** In the transaction in which it is noted that the readings were heard. */
  async hear(tx: EntityManager, readings: readonly Reading[]): Promise<void> {
    const now = this.clock.now();
    await this.evaluate(tx, readings, now);
    // Last of all: whoever else hears something waits for its row.
    await beat(tx, 'readings', now);
  }

  private async evaluate(tx: EntityManager, readings: readonly Reading[], now: Date): Promise<void> {
    const settings = await readSettings(tx);
    if (!settings.firstOnAt) return;
    await waitForPatientChanges(tx);
    const byPatient = await ofCurrentPatients(tx, readings);
    if (byPatient.size === 0) return;
    await lockPatients(tx, [...byPatient.keys()]);
    await noteHeard(tx, byPatient, now);
    const rules = await enabledRules(tx, !settings.isOn);
    const inputs = new Map(
      [...byPatient].map(([patientId, all]): [string, Input[]] => [
        patientId,
        asTheyCame(all).map((reading) => ({ kind: 'reading', reading })),
      ]),
    );
    await this.run(tx, rules, inputs, settings, now);
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
    await lockPatients(tx, [...byPatient.keys()]);
    const rules = (await enabledRules(tx, !settings.isOn)).filter(isForStream);
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

  /** Looks at those of whom a reading is missed by now. @returns how many there were */
  async tickDue(): Promise<number> {
    const now = this.clock.now();
    const due = await this.orm.em
      .fork()
      .execute<{ patient_id: string }[]>(
        `select patient_id from engine_state where tick_at <= ? group by patient_id order by min(tick_at) limit ${ticksAtOnce}`,
        [now],
      );
    for (const { patient_id: patientId } of due) {
      await this.orm.em.fork().transactional(async (tx) => {
        await waitForPatientChanges(tx);
        await lockPatients(tx, [patientId]);
        const settings = await readSettings(tx);
        const input: Input = { kind: 'tick', at: now.getTime() };
        await this.run(tx, await enabledRules(tx, true), new Map([[patientId, [input]]]), settings, now);
        // Of a rule that could not be run it is tried again.
        await tx.execute('update engine_state set tick_at = ? where patient_id = ? and tick_at <= ?', [
          new Date(now.getTime() + againMs),
          patientId,
          now,
        ]);
      });
    }
    return due.length;
  }

  /** Of a patient with a rule of their own that watches a gap, it begins though nothing has ever come. */
  async expect(tx: EntityManager, rule: EnabledRule, patientId: string, now: Date, zone: string): Promise<void> {
    await lockPatients(tx, [patientId]);
    const states = await statesOf(tx, [patientId]);
    if (states.has(`${patientId} ${rule.id}`)) return;
    const run = runnable(rule);
    await store(tx, [rowOf(run, begin(run, patientId, now.getTime()), zone)]);
  }

  private async run(
    tx: EntityManager,
    rules: readonly EnabledRule[],
    inputs: ReadonlyMap<string, Input[]>,
    { zone, engine }: Settings,
    now: Date,
  ): Promise<void> {
    const states = await statesOf(tx, [...inputs.keys()]);
    const timings = await timingsOf(tx, [...inputs.keys()]);
    const findings: Finding[] = [];
    const rows: ReturnType<typeof rowOf>[] = [];
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
    await store(tx, rows);
    await this.found.take(tx, findings, now);
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

const noteHeard = (tx: EntityManager, byPatient: ReadonlyMap<string, Reading[]>, now: Date): Promise<unknown> =>
  tx.execute(
    `insert into heard_patient (patient_id, first_at, last_at)
     select id::uuid, ?, ? from jsonb_array_elements_text(?::jsonb) as id order by id
     on conflict (patient_id) do update set last_at = excluded.last_at`,
    [now, now, JSON.stringify([...byPatient.keys()])],
  );

async function statesOf(tx: EntityManager, patientIds: string[]): Promise<Map<string, StateRow>> {
  const rows = await tx.execute<StateRow[]>(
    'select patient_id, rule_id, rule_version, state from engine_state where patient_id = any(?::uuid[])',
    [arrayOf(patientIds)],
  );
  return new Map(rows.map((row) => [`${row.patient_id} ${row.rule_id}`, row]));
}

/** The patients' own times in which a reading is missed, the latest of each. */
async function timingsOf(tx: EntityManager, patientIds: string[]): Promise<Map<string, number>> {
  const rows = await tx.execute<{ patient_id: string; rule_id: string; minutes: number }[]>(
    `select distinct on (patient_id, rule_id) patient_id, rule_id, minutes from gap_timing
     where patient_id = any(?::uuid[]) order by patient_id, rule_id, position desc`,
    [arrayOf(patientIds)],
  );
  return new Map(rows.map(({ patient_id, rule_id, minutes }) => [`${patient_id} ${rule_id}`, minutes]));
}

function rowOf(rule: Rule, state: EngineState, zone: string) {
  const due = tickDueAt(rule, state, zone);
  return {
    patient_id: state.patientId,
    rule_id: rule.id,
    rule_version: rule.version,
    state,
    tick_at: due === undefined ? null : new Date(due),
  };
}

async function store(tx: EntityManager, rows: ReturnType<typeof rowOf>[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.execute(
    `insert into engine_state (patient_id, rule_id, rule_version, state, tick_at)
     select * from jsonb_to_recordset(?::jsonb)
       as row (patient_id uuid, rule_id uuid, rule_version integer, state jsonb, tick_at timestamptz)
     on conflict (patient_id, rule_id) do update set rule_version = excluded.rule_version, state = excluded.state,
       tick_at = excluded.tick_at`,
    [JSON.stringify(rows)],
  );
}

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
  if (row) await store(tx, [rowOf(runnable(rule, minutes), row.state, zone)]);
}
