import { Unavailable } from '@cabinet/kit/errors';
import { mayBeWrittenTo } from '../access.js';
import type { SubscribedBrowsers } from '../channels/ports.js';
import { inOneForm, type Reach } from '../channels/reach.js';
import { type Decision, type Reason, rulesOf, type Topic } from '../decisions/decision.js';
import type { Families, Neighbours, PersonNow, VisitNow } from '../neighbours.js';
import type { Policy } from '../policies/policy.js';
import { endOfQuiet } from '../policies/quiet-hours.js';
import type { DueDecisions, PreferenceStore } from '../ports.js';
import type { Preferences } from '../preferences/preferences.js';
import { judgeVisit } from './judge.js';
import type { Material, Practice } from './write-message.js';

/** What is to become of a due decision: it leaves with this material, or does not for a reason, or later. */
export type Examined = Verdict & {
  /** A minor keeps it from their guardians. */
  isKept: boolean;
};
type Verdict = { material: Material } | { reason: Reason } | { later: Date };

/** Reads what is due from its owners again, and says whether it is still to leave. */
export class Examine {
  constructor(
    private readonly due: Pick<DueDecisions, 'saidBefore'>,
    private readonly neighbours: Neighbours,
    private readonly families: Families,
    private readonly preferences: Pick<PreferenceStore, 'of'>,
    private readonly browsers: SubscribedBrowsers,
    private readonly reach: Reach,
    private readonly practice: Practice,
  ) {}

  /** @throws Unavailable when an owner cannot be asked */
  async examine(decision: Decision, policy: Policy, now: Date): Promise<Examined> {
    const { keptFromGuardians: isKept } = decision;
    if (decision.expiresAt <= now) return { reason: 'stale', isKept };
    if (decision.occasion === 'code') return { ...(await this.code(decision)), isKept };
    if (decision.occasion === 'alert') return { ...(await this.alert(decision)), isKept };
    const { appointmentId } = decision;
    const visit = appointmentId ? await this.neighbours.visit(appointmentId) : undefined;
    const its = { visit, isKept: isKept || visit?.keptFromGuardians === true };
    return { ...(await this.judge(decision, its, policy, now)), isKept: its.isKept };
  }

  private async judge(
    decision: Decision,
    { visit, isKept }: { visit: VisitNow | undefined; isKept: boolean },
    policy: Policy,
    now: Date,
  ): Promise<Verdict> {
    const said = decision.occasion === 'appointment' ? await this.due.saidBefore(decision) : {};
    if (decision.occasion === 'appointment') {
      const reason = judgeVisit({ decision, visit, said, now });
      if (reason) return { reason };
    } else if (isKept && decision.audience === 'guardian') return { reason: 'minors-secret' };

    const people = await this.people(decision, isKept, now);
    if (!people) return { reason: 'hidden' };
    const preferences = await this.preferences.of(decision.recipientId);
    if (isUnwanted(decision, preferences)) return { reason: 'opted-out' };
    const reached = await this.reached(decision, people.recipient, await this.notToReach(decision, isKept, now));
    if ('reason' in reached) return reached;
    const quiet = this.quiet(decision, policy, now);
    if (quiet) return quiet;
    const language = preferences.language ?? this.practice.language;
    return { material: { decision, ...reached, language, ...people, visits: visit ? [visit] : [], said } };
  }

  private async code(decision: Decision): Promise<Verdict> {
    const code = await this.neighbours.code(decision.occasionId);
    if (!code) return { reason: 'superseded' };
    const reached = await this.reach.first(decision, [code.email]);
    if ('reason' in reached) return reached;
    const { language } = this.practice;
    return { material: { decision, ...reached, language, visits: [], said: {}, code } };
  }

  private async alert(decision: Decision): Promise<Verdict> {
    if (!(await this.isStillToSee(decision))) return { reason: 'superseded' };
    const recipient = await this.neighbours.colleague(decision.recipientId);
    if (!recipient?.active) return { reason: 'hidden' };
    const reached = await this.reached(decision, recipient, new Set());
    if ('reason' in reached) return reached;
    return { material: { decision, ...reached, language: this.practice.language, recipient, visits: [], said: {} } };
  }

  /** While nobody can say whether an alert still waits for somebody they are told of it: rather once too often than not. */
  private async isStillToSee({ occasionId, occasionVersion }: Decision): Promise<boolean> {
    try {
      const call = await this.neighbours.alertCall(occasionId);
      return call?.isCalling === true && call.generation === occasionVersion;
    } catch (error) {
      if (error instanceof Unavailable) return true;
      throw error;
    }
  }

  /** Who gets it, and whom it is about; undefined when it is not, or no longer, for them. */
  private async people({ recipientId, patientId, audience, kind }: Decision, isKept: boolean, now: Date) {
    const recipient = await this.neighbours.person(recipientId);
    if (!recipient?.active || recipient.hasDied || !patientId) return undefined;
    if (audience === 'self') return { recipient, patient: recipient };
    const [patient, acting] = await Promise.all([
      this.neighbours.person(patientId),
      this.families.actingFor(patientId),
    ]);
    const its = acting.filter((each) => each.recipientId === recipientId);
    return patient?.active && mayBeWrittenTo(its, { patientId, kind, isKept, now })
      ? { recipient, patient }
      : undefined;
  }

  /**
   * Where guardians are reached who may not be told this: minors often have none but a parent's address, and what is sent there is
   * read by the parent.
   */
  private async notToReach(
    { patientId, audience, kind }: Decision,
    isKept: boolean,
    now: Date,
  ): Promise<ReadonlySet<string>> {
    if (audience !== 'self' || !patientId) return new Set();
    const acting = Map.groupBy(await this.families.actingFor(patientId), ({ recipientId }) => recipientId);
    const untold = [...acting].filter(
      ([, each]) =>
        each.some(({ as, until }) => as === 'guardian' && !(until && until <= now)) &&
        !mayBeWrittenTo(each, { patientId, kind, isKept, now }),
    );
    const people = await Promise.all(untold.map(([recipientId]) => this.neighbours.person(recipientId)));
    return new Set(people.flatMap((each) => [...(each?.emails ?? []), ...(each?.phones ?? [])].map(inOneForm)));
  }

  /**
   * Where somebody is reached by a channel; a push goes to whichever browsers they have subscribed.
   * @param except addresses and numbers at which others are reached, who are not to read it
   */
  private async reached(
    decision: Decision,
    { id, emails, phones }: PersonNow,
    except: ReadonlySet<string>,
  ): Promise<{ to: string } | { reason: Reason }> {
    const isTheirs = (address: string) => !except.has(inOneForm(address));
    switch (decision.channel) {
      case 'email':
        return this.reach.first(decision, emails.filter(isTheirs));
      case 'sms':
        return this.reach.first(decision, phones.filter(isTheirs));
      case 'push':
        return (await this.browsers.idsOf(id)).length > 0 ? { to: id } : { reason: 'no-address' };
      default:
        return { to: id };
    }
  }

  private quiet({ kind, channel, expiresAt }: Decision, policy: Policy, now: Date): Verdict | undefined {
    if (rulesOf(kind).isUrgent) return undefined;
    const end = endOfQuiet(now.getTime(), channel, policy.quietHours, this.practice.zone);
    if (end === now.getTime()) return undefined;
    return end !== undefined && end < expiresAt.getTime() ? { later: new Date(end) } : { reason: 'quiet-hours' };
  }
}

function isUnwanted({ kind, channel }: Decision, { unwanted }: Preferences): boolean {
  const topic: Topic = rulesOf(kind).topic;
  return topic !== 'security' && unwanted.some((each) => each.topic === topic && each.channel === channel);
}
