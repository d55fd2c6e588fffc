import type { Clock } from '@cabinet/kit/clock';
import { Unavailable } from '@cabinet/kit/errors';
import { newId } from '@cabinet/kit/ids';
import type { SendOutcome } from '../channel.js';
import { type Decision, type Hold, rulesOf } from '../decisions/decision.js';
import type { Policy } from '../policies/policy.js';
import type { Claimed, DueDecisions, Outlets, Policies, Result, SentToday } from '../ports.js';
import { Unwritable } from '../templates/template.js';
import { dateIn, instantOf, minute } from '../time/zoned-time.js';
import type { Examine, Examined } from './examine.js';
import { afterFailure } from './retry.js';
import type { Material, Practice, WriteMessage } from './write-message.js';

export interface SendingSettings {
  /** Decisions that are taken at once. */
  batch: number;
  /** Messages that are on their way at the same time. */
  atOnce: number;
  /** So long a decision is this process's, by the clock of the database, unless it dies. */
  leaseMs: number;
}

/** As many at once as share trips to the database well, and few enough that none waits for a slow relay longer than for a try. */
export const usualSending: SendingSettings = { batch: 256, atOnce: 32, leaseMs: 120_000 };

/** While an owner is away, its decisions wait so long. */
const awayMs = minute;
/** What nobody had set up is looked at again after so long: it may have been, here or at the provider. */
const unsetMs = 10 * minute;
/** What fails for a reason that nobody foresaw waits longer, so that it is never in the way of others. */
const faultMs = 5 * minute;

interface Parts {
  due: DueDecisions;
  examine: Examine;
  write: WriteMessage;
  outlets: Outlets;
  policies: Policies;
  practice: Practice;
  clock: Clock;
  settings: SendingSettings;
  /** Told of what went wrong with one decision; never with what is in it. */
  failed(error: unknown, decisionId: string): void;
  /** Told of each result that was stored. */
  decided(results: readonly Result[], decisions: readonly Decision[]): void;
}

type Ready = { decision: Decision; wasBegun: boolean; material: Material; isKept: boolean };
type Its = { policy: Policy; lease: { id: string; ms: number }; sent: SentToday };

/** Carries out what is due: reads it again, writes it, and lets it leave, each decision in one process at a time. */
export class SendDue {
  /** What was held because nothing was set up is taken up at once by a process that starts, and by all of them later. */
  private isSetUp = false;

  constructor(private readonly parts: Parts) {}

  /** All that is due now. @param stopping ends it between two messages */
  async run(stopping?: AbortSignal): Promise<void> {
    const { due, outlets, clock, settings } = this.parts;
    const unset = new Date(clock.now().getTime() - (this.isSetUp ? unsetMs : 0));
    await due.takeUp(['configuration'], unset, clock.now(), outlets.channels());
    this.isSetUp = true;
    await due.takeUp(['budget', 'recipient-limit'], this.beginningOfDay(), clock.now());
    while (!stopping?.aborted && (await due.endStale(clock.now())) > 0);
    while (!stopping?.aborted) {
      const lease = { id: newId(), ms: settings.leaseMs };
      const claimed = await due.claim(clock.now(), settings.batch, lease);
      if (claimed.length === 0) return;
      await this.carryOut(claimed, lease, stopping);
    }
  }

  private async carryOut(claimed: Claimed[], lease: { id: string; ms: number }, stopping?: AbortSignal): Promise<void> {
    const { due, policies, practice, settings } = this.parts;
    const { policy } = await policies.current();
    const recipients = [...new Set(claimed.map(({ decision }) => decision.recipientId))];
    const sent = await due.sentSince(this.beginningOfDay(), recipients);
    const groups = [...Map.groupBy(claimed, ({ decision }) => groupOf(decision, policy, practice.zone)).values()];
    const queue = groups.values();
    const work = async () => {
      for (const group of queue) {
        if (stopping?.aborted) return;
        await this.one(group, { policy, lease, sent });
      }
    };
    await Promise.all(Array.from({ length: settings.atOnce }, work));
    if (stopping?.aborted) await due.release(lease.id);
  }

  private async one(group: Claimed[], its: Its): Promise<void> {
    const { due, clock } = this.parts;
    const results = await this.resultsOf(group, its).catch((error) => this.postponed(group, error));
    try {
      const lost = await due.finish(results, its.lease.id, clock.now());
      for (const id of lost) this.parts.failed(new Error('the lease had ended when its result was there'), id);
      const stored = results.filter(({ id }) => !lost.includes(id));
      this.parts.decided(
        stored,
        group.map(({ decision }) => decision),
      );
    } catch (error) {
      // What left stands as begun: whoever takes it over asks the provider before it is sent again.
      for (const { decision } of group) this.parts.failed(error, decision.id);
    }
  }

  private postponed(group: readonly { decision: Decision }[], error: unknown): Result[] {
    // An owner that is away is no fault of the decision.
    const isAway = error instanceof Unavailable;
    if (!isAway) for (const { decision } of group) this.parts.failed(error, decision.id);
    const nextAt = new Date(this.parts.clock.now().getTime() + (isAway ? awayMs : faultMs));
    return group.map(({ decision }) => ({ id: decision.id, state: 'planned', nextAt, isOpen: true }));
  }

  private async resultsOf(group: Claimed[], its: Its): Promise<Result[]> {
    const { examine, clock } = this.parts;
    const { results, unknown } = await this.foundOutAbout(group);
    const said = new Set(results.flatMap(({ sent }) => sent?.covers ?? []));
    const maybeSaid = new Set(
      unknown.flatMap(({ decision, wasBegun }) => (wasBegun ? decision.covers : undefined) ?? []),
    );
    const ready: Ready[] = [];
    for (const { decision, wasBegun } of unknown) {
      const { id, appointmentId = '' } = decision;
      if (said.has(appointmentId)) {
        results.push({ id, state: 'suppressed', reason: 'merged-with-another-visit' });
        continue;
      }
      const examined = await examine.examine(decision, its.policy, clock.now());
      if (!('material' in examined)) results.push(withoutMessage(decision, examined));
      else ready.push({ decision, wasBegun: wasBegun || maybeSaid.has(appointmentId), ...examined });
    }
    // What is kept from guardians by now is said apart from what they may read.
    for (const [isKept, together] of Map.groupBy(ready, (each) => each.isKept)) {
      // What has left already stands, whatever becomes of the rest.
      const sent = await this.sentTogether(together, its).catch((error) => this.postponed(together, error));
      results.push(...sent.map((result) => ({ ...result, isKept })));
    }
    return results;
  }

  private async sentTogether(ready: readonly Ready[], { policy, lease, sent }: Its): Promise<Result[]> {
    const [carrier, ...others] = ready;
    if (!carrier) return [];
    const hold = this.holdOf(carrier.decision, policy, sent);
    if (hold) return ready.map(({ decision }) => ({ id: decision.id, state: 'held' as const, hold, isOpen: true }));
    const result = await this.send(carrier, others, lease);
    if (!result) return [];
    if (result.state !== 'sent') return ready.map(({ decision }) => ({ ...result, id: decision.id }));
    const merged = others.map(
      ({ decision }): Result => ({
        id: decision.id,
        state: 'suppressed',
        reason: 'merged-with-another-visit',
      }),
    );
    return [result, ...merged];
  }

  /** @returns undefined when somebody else is at it by now */
  private async send(carrier: Ready, others: Ready[], lease: { id: string; ms: number }): Promise<Result | undefined> {
    const { due, write, outlets, clock } = this.parts;
    const { decision, material } = carrier;
    const all = [carrier, ...others];
    const visits = all.flatMap((each) => each.material.visits);
    const covers = others.length > 0 ? visits.map(({ id }) => id) : undefined;
    let written: Awaited<ReturnType<WriteMessage['write']>>;
    try {
      written = await write.write({ ...material, visits, toldBy: all.map((each) => each.decision) });
    } catch (error) {
      if (!(error instanceof Unwritable)) throw error;
      return { id: decision.id, state: 'failed', failure: { class: 'permanent-content', text: error.message } };
    }
    const ids = all.map((each) => each.decision.id);
    if (!(await due.begin({ carrierId: decision.id, ids, covers }, lease))) return undefined;
    const mayHaveSent = all.find((each) => each.decision.provider)?.decision.provider;
    const { outcome, provider } = await outlets.send(decision.channel, written.message, mayHaveSent);
    const result = this.resultOf(decision, outcome, provider);
    const wasBegun = all.some((each) => each.wasBegun);
    if (result.sent)
      Object.assign(result.sent, { covers, mayHaveLeftTwice: wasBegun || undefined, sentAt: clock.now() });
    // That it did not leave now says nothing of the time before.
    else if (wasBegun) result.isOpen = true;
    return { ...result, written: written.written };
  }

  private resultOf(decision: Decision, outcome: SendOutcome, provider: string | undefined): Result {
    const now = this.parts.clock.now();
    if (outcome.state === 'sent') {
      const { state, ...more } = outcome;
      return { id: decision.id, state, sent: { sentAt: now, provider, ...more } };
    }
    const failure = { class: outcome.class, text: outcome.text };
    const tried = { channel: decision.channel, attempts: decision.attempts + 1 };
    const open = outcome.isUncertain ? { isOpen: true as const, mayHaveSent: provider } : {};
    return { id: decision.id, failure, ...open, ...afterFailure(outcome, tried, now, Math.random()) };
  }

  /** What became of those of which nobody knows whether they left, where their provider can be asked; and of which that stays unknown. */
  private async foundOutAbout(group: readonly Claimed[]): Promise<{ results: Result[]; unknown: Claimed[] }> {
    const [results, unknown]: [Result[], Claimed[]] = [[], []];
    for (const { decision, wasBegun } of group) {
      const found = wasBegun ? await this.parts.outlets.find(decision.channel, decision.id) : 'not-sent';
      if (found === undefined || found === 'not-sent') {
        unknown.push({ decision, wasBegun: found === undefined });
        continue;
      }
      const tried = { ...decision, attempts: decision.attempts - 1 };
      const result = this.resultOf(tried, found.outcome, found.provider);
      if (result.sent) result.sent.covers = decision.covers;
      results.push(result);
    }
    return { results, unknown };
  }

  private beginningOfDay(): Date {
    const { clock, practice } = this.parts;
    return new Date(instantOf(dateIn(clock.now().getTime(), practice.zone), '00:00', practice.zone));
  }

  private holdOf({ channel, recipientId, kind }: Decision, policy: Policy, sent: SentToday): Hold | undefined {
    const count = <K>(of: Map<K, number>, key: K): number => of.get(key) ?? 0;
    const budget =
      channel in policy.dailyBudget ? policy.dailyBudget[channel as keyof Policy['dailyBudget']] : Infinity;
    const { topic, isUnbounded } = rulesOf(kind);
    // What is about somebody's access is worth little tomorrow, and who asks for many codes is stopped where they are made.
    const isFree = isUnbounded || topic === 'security';
    if (!isFree && count(sent.byChannel, channel) >= budget) return 'budget';
    if (!isFree && count(sent.byRecipient, recipientId) >= policy.recipientDailyMax) return 'recipient-limit';
    sent.byChannel.set(channel, count(sent.byChannel, channel) + 1);
    sent.byRecipient.set(recipientId, count(sent.byRecipient, recipientId) + 1);
    return undefined;
  }
}

function withoutMessage({ id }: Decision, examined: Exclude<Examined, { material: Material }>): Result {
  const { isKept } = examined;
  return 'later' in examined
    ? { id, state: 'planned', nextAt: examined.later, isKept, isOpen: true }
    : { id, state: 'suppressed', reason: examined.reason, isKept };
}

/**
 * Reminders of one day about one patient to one recipient by one channel are one message. Who reads the ledger about a patient reads
 * what stands in it: never of another's visits, nor of those that are kept from them.
 */
const groupOf = (
  { id, kind, recipientId, patientId, keptFromGuardians, step, channel, startsAt, nth }: Decision,
  policy: Policy,
  zone: string,
): string =>
  kind === 'reminder' && startsAt && nth === 0 && policy.mergesVisitsOfOneDay
    ? [recipientId, patientId, keptFromGuardians, step, channel, dateIn(startsAt.getTime(), zone)].join('|')
    : id;
