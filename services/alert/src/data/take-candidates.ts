import { newId } from '@cabinet/kit/ids';
import type { EntityManager } from '@cabinet/postgres/orm';
import { type Alert, inhibitorOf, stepsFrom } from '../domain/alert.js';
import type { Candidate } from '../domain/engine/evaluate.js';
import { rankOf, watchersOf } from '../domain/engine/rule.js';
import type { Happening } from '../domain/ports.js';
import {
  type AlertEvents,
  lockAlerts,
  noteAlert,
  planSteps,
  sayChanged,
  stopSteps,
  storeAlert,
} from './alert-writes.js';
import type { EnabledRule } from './enabled-rules.js';
import { arrayOf } from './fragments.js';

/** What was found of a patient under a rule, by whichever engine. */
export interface Finding {
  patientId: string;
  rule: EnabledRule;
  candidates: readonly Candidate[];
}

/**
 * Makes alerts of what engines find, in the transaction that stores how far they are. The key of an episode is in one alert alone:
 * whoever finds it again finds it there.
 */
export class TakeCandidates {
  constructor(private readonly events: AlertEvents) {}

  /** @returns how many alerts changed */
  async take(tx: EntityManager, findings: readonly Finding[], now: Date): Promise<number> {
    const changed = new Map<string, Alert>();
    for (const { candidates, ...of } of findings) {
      for (const candidate of lastCounts(candidates)) {
        for (const alert of await this.takeOne(tx, of, candidate, now)) changed.set(alert.id, alert);
      }
    }
    await sayChanged(tx, [...changed.values()], now);
    return changed.size;
  }

  private async takeOne(
    tx: EntityManager,
    of: Omit<Finding, 'candidates'>,
    candidate: Candidate,
    now: Date,
  ): Promise<Alert[]> {
    switch (candidate.kind) {
      case 'started':
      case 'late':
        return this.raise(tx, of, candidate, now);
      case 'question':
        await ask(tx, of, candidate, now);
        return [];
      case 'incomplete':
        // Kept in the state of the engine.
        return [];
      default: {
        const key = candidate.kind === 'moved' ? candidate.from : candidate.key;
        const [alert] = await lockAlerts(tx, 'key = ?', [key]);
        // Another engine may never have found it.
        return alert ? this.change(tx, of.rule, alert, candidate, now) : [];
      }
    }
  }

  private async raise(
    tx: EntityManager,
    { patientId, rule }: Omit<Finding, 'candidates'>,
    found: Extract<Candidate, { kind: 'started' | 'late' }>,
    now: Date,
  ): Promise<Alert[]> {
    const { document } = rule;
    const isLate = found.kind === 'late';
    const active = await lockAlerts(tx, 'patient_id = ? and is_active', [patientId]);
    const inhibitedBy = isLate ? undefined : inhibitorOf(document, active);
    const id = newId();
    const watchers = watchersOf(document);
    const rows = await tx.execute<{ id: string }[]>(
      `insert into alert (id, key, patient_id, rule_id, rule_version, priority, started_at, since, raised_at, count, worst,
         because, missing, is_late, cleared_at, watchers, group_id, inhibited_by)
       values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?::jsonb, ?, ?, ?::uuid[], ?, ?)
       on conflict (key) do nothing returning id`,
      [
        ...[id, found.key, patientId, rule.id, rule.version, rankOf(document.priority)],
        ...[new Date(found.start), new Date(found.since), now, found.count, found.worst],
        ...[JSON.stringify(found.because), JSON.stringify(found.missing ?? []), isLate, isLate ? now : null],
        ...[arrayOf(watchers), active[0]?.groupId ?? id, inhibitedBy ?? null],
      ],
    );
    if (rows.length === 0) return [];
    const [alert] = await lockAlerts(tx, 'id = ?', [id]);
    if (!alert) throw new Error('an alert is not there that was just stored');
    await noteAlert(tx, id, {
      at: now,
      kind: isLate ? 'came-late' : 'raised',
      details: inhibitedBy ? { inhibitedBy } : {},
    });
    if (isLate) return [alert];
    if (!inhibitedBy) await planSteps(tx, alert, stepsFrom(document, now));
    await this.events.enqueue(tx, alert, { kind: 'raised' });
    return [alert];
  }

  private async change(
    tx: EntityManager,
    rule: EnabledRule,
    alert: Alert,
    candidate: Exclude<Candidate, { kind: 'started' | 'late' | 'question' | 'incomplete' }>,
    now: Date,
  ): Promise<Alert[]> {
    const note = (kind: string, details: Record<string, unknown> = {}) =>
      noteAlert(tx, alert.id, { at: now, kind, details });
    switch (candidate.kind) {
      case 'counted': {
        const { count, worst, because } = candidate;
        return [await storeAlert(tx, alert, { count, worst, because })];
      }
      case 'moved': {
        const { key, count, worst, because } = candidate;
        const [there] = await lockAlerts(tx, 'key = ?', [key]);
        if (there) return [];
        await note('moved', { startedAt: candidate.start });
        const times = { startedAt: new Date(candidate.start), since: new Date(candidate.since) };
        return [await storeAlert(tx, alert, { key, count, worst, because, ...times })];
      }
      case 'cleared': {
        const cleared = await storeAlert(tx, alert, { clearedAt: new Date(candidate.end) });
        // What is most urgent is not untold because it is over.
        if (alert.priority !== 'high') await stopSteps(tx, alert.id, now);
        await note('cleared', { at: candidate.end });
        await this.tell(tx, cleared, { kind: 'cleared' });
        return [cleared, ...(await this.release(tx, alert.id, now))];
      }
      case 'reopened': {
        const hasStopped = alert.priority !== 'high' && !alert.acknowledgedAt && !alert.inhibitedBy;
        const generation = hasStopped ? alert.generation + 1 : alert.generation;
        const reopened = await storeAlert(tx, alert, { clearedAt: undefined, generation });
        if (hasStopped) await planSteps(tx, reopened, stepsFrom(rule.document, now, alert.owner));
        await note('reopened');
        return [reopened];
      }
      case 'retracted': {
        const retracted = await storeAlert(tx, alert, { retractedAt: now });
        await stopSteps(tx, alert.id, now);
        await note('retracted');
        await this.tell(tx, retracted, { kind: 'retracted' });
        return [retracted, ...(await this.release(tx, alert.id, now))];
      }
    }
  }

  /** Those that the alert kept from ringing ring now, if they still go on. */
  private async release(tx: EntityManager, inhibitor: string, now: Date): Promise<Alert[]> {
    const held = await lockAlerts(tx, 'inhibited_by = ? and is_active', [inhibitor]);
    const released: Alert[] = [];
    for (const alert of held) {
      const [row] = await tx.execute<{ document: EnabledRule['document'] }[]>(
        'select document from alert_rule_version where rule_id = ? and version = ?',
        [alert.ruleId, alert.ruleVersion],
      );
      if (!row) throw new Error(`the rule of alert ${alert.id} is gone`);
      const free = await storeAlert(tx, alert, { inhibitedBy: undefined, generation: alert.generation + 1 });
      if (!alert.acknowledgedAt) await planSteps(tx, free, stepsFrom(row.document, now));
      await noteAlert(tx, alert.id, { at: now, kind: 'released', details: { inhibitor } });
      released.push(free);
    }
    return released;
  }

  private async tell(tx: EntityManager, alert: Alert, happening: Happening): Promise<void> {
    if (!alert.isLate) await this.events.enqueue(tx, alert, happening);
  }
}

/** Of readings that came together and go on with one episode, the last count says all. */
const lastCounts = (candidates: readonly Candidate[]): Candidate[] =>
  candidates.filter((each, nth) => {
    const next = candidates[nth + 1];
    return !(each.kind === 'counted' && next?.kind === 'counted' && next.key === each.key);
  });

const idsMax = 50;

/** One question for all readings that have the same wrong with them, until somebody answers it. */
const ask = (
  tx: EntityManager,
  { patientId, rule }: Omit<Finding, 'candidates'>,
  { readingId, code, doubt }: Extract<Candidate, { kind: 'question' }>,
  now: Date,
): Promise<unknown> =>
  tx.execute(
    `insert into question as open (id, patient_id, code, doubt, reading_ids, count, watchers, asked_at, last_at)
     values (?, ?, ?, ?, ?::jsonb, 1, ?::uuid[], ?, ?)
     on conflict (patient_id, code, doubt) where answered_at is null do update set
       count = open.count + case when open.reading_ids @> excluded.reading_ids then 0 else 1 end,
       reading_ids = case when open.reading_ids @> excluded.reading_ids or jsonb_array_length(open.reading_ids) >= ${idsMax}
         then open.reading_ids else open.reading_ids || excluded.reading_ids end,
       watchers = array(select distinct unnest(open.watchers || excluded.watchers)),
       last_at = excluded.last_at`,
    [newId(), patientId, code, doubt, JSON.stringify([readingId]), arrayOf(watchersOf(rule.document)), now, now],
  );
