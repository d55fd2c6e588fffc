import type { Principal } from '@cabinet/kit/access/principal';
import type { Clock } from '@cabinet/kit/clock';
import { FieldErrors, InvalidInput } from '@cabinet/kit/errors';
import { assertVersion, type ExpectedVersion } from '@cabinet/kit/http/etag';
import { effectOfRequest, storedBefore, wasStoredBefore } from '@cabinet/kit/http/request-context';
import { noteSubjects } from '@cabinet/service/audit/subjects';
import { assertMay, assertMayListRules, assertMaySeeRule } from './access.js';
import type { BackTest } from './back-test.js';
import type { BackTestResult } from './back-test-result.js';
import type { RuleDocument } from './engine/rule.js';
import { errorCodes } from './error-codes.js';
import { existing, gapStays, noGap, notTested, overBudget, refusal } from './errors.js';
import type { GapTiming, Neighbours, Rules, SettingsStore } from './ports.js';
import { isGap, type RuleVersion, readDocument, runnable, type WatchRule } from './watch-rule.js';

export interface RuleInput {
  document: unknown;
  patientId?: string;
  replaces?: string;
}

/** Why a rule is enabled though it was not tested or would ring too often; signed by whoever asks. */
export interface Override {
  reason: string;
}

const testedMs = 24 * 3_600_000;

export class KeepRules {
  constructor(
    private readonly rules: Rules,
    private readonly neighbours: Neighbours,
    private readonly settings: SettingsStore,
    private readonly tests: BackTest,
    private readonly clock: Clock,
  ) {}

  /** @throws NotAllowed (403) for what watches another patient */
  async list(patientId: string | undefined, actor: Principal): Promise<WatchRule[]> {
    assertMayListRules(actor, patientId);
    return this.rules.list(patientId);
  }

  /** @throws NotFound (404) */
  async get(id: string, actor: Principal): Promise<WatchRule> {
    const rule = existing(await this.rules.find(id), 'ALERT_RULE.NOT_FOUND');
    noteSubjects(rule.patientId);
    assertMaySeeRule(actor, rule);
    return rule;
  }

  async versions(id: string, actor: Principal): Promise<RuleVersion[]> {
    await this.get(id, actor);
    return this.rules.versions(id);
  }

  /** It runs once it is enabled. @throws InvalidInput (422), Unavailable (503), PatientDataGone (410) */
  async write({ document: given, patientId, replaces }: RuleInput, actor: Principal): Promise<WatchRule> {
    assertMay(actor);
    const stored = await storedBefore((id) => this.rules.find(id));
    if (stored) return stored;
    const document = readDocument(given);
    await this.assertReachable(document);
    if (replaces) await this.assertReplaceable(replaces, patientId, document);
    const now = this.clock.now();
    const { id } = effectOfRequest();
    const said = { document, author: actor.id, at: now, patientId, replaces };
    return this.rules.add({ id, version: 1, ...said, state: 'draft', createdAt: now });
  }

  /** The version that is run stays so until the new one is enabled. @throws 404, 409 for a gap made into something else, 422, 428, 412 */
  async revise(id: string, given: unknown, expected: ExpectedVersion, actor: Principal): Promise<WatchRule> {
    const rule = await this.get(id, actor);
    assertVersion(expected, rule.version);
    const document = readDocument(given);
    if (isGap(rule) && rule.state === 'enabled' && document.condition.kind !== 'gap') throw gapStays();
    await this.assertReachable(document);
    const next = { ...rule, version: rule.version + 1, document, author: actor.id, at: this.clock.now() };
    await this.rules.revise(next);
    return next;
  }

  /** What its newest version would have done. @throws 404, 422 for too many readings, 503 */
  async backTest(id: string, days: number, actor: Principal): Promise<BackTestResult> {
    const rule = await this.get(id, actor);
    const { zone } = await this.settings.read();
    const now = this.clock.now();
    const result = await this.tests.run(runnable(rule), rule.document, rule.patientId, days, zone, now);
    await this.rules.noteBackTest(rule, now, actor.id, result);
    return result;
  }

  /** What a rule would have done that nobody has written yet. @throws as backTest */
  async tryOut(given: unknown, patientId: string | undefined, days: number, actor: Principal): Promise<BackTestResult> {
    assertMay(actor);
    const document = readDocument(given);
    const { zone } = await this.settings.read();
    const rule = runnable({ id: 'tried', version: 1, document });
    return this.tests.run(rule, document, patientId, days, zone, this.clock.now());
  }

  /**
   * Its newest version is run from now on.
   * @throws 409 when it was not tested in the last day or would ring more often than the budget allows, unless that is signed for
   */
  async enable(id: string, override: Override | undefined, actor: Principal): Promise<WatchRule> {
    const rule = await this.get(id, actor);
    if (wasStoredBefore() || (rule.state === 'enabled' && rule.enabledVersion === rule.version)) return rule;
    await this.assertReachable(rule.document);
    const now = this.clock.now();
    const tested = await this.rules.backTestOf(id, rule.version, new Date(now.getTime() - testedMs));
    const { alertsADay } = await this.settings.read();
    if (!override) {
      if (!tested) throw notTested();
      if (tested.alertsADayOfOne > alertsADay) throw overBudget(tested.alertsADayOfOne, alertsADay);
    }
    const found = tested && { days: tested.days, alertsADayOfOne: tested.alertsADayOfOne };
    await this.rules.enable(rule, now, actor.id, { budget: alertsADay, tested: found, override: override?.reason });
    return { ...rule, state: 'enabled', enabledVersion: rule.version };
  }

  /** @throws 409 for a gap, which is re-timed instead */
  async disable(id: string, actor: Principal): Promise<WatchRule> {
    const rule = await this.get(id, actor);
    if (rule.state !== 'enabled') return rule;
    const running = (await this.rules.versions(id)).find(({ version }) => version === rule.enabledVersion);
    if (running && isGap(running)) throw gapStays();
    await this.rules.disable(rule);
    return { ...rule, state: 'disabled' };
  }

  /** Another time in which a reading of a patient is missed. @throws 404, 409 for a rule that watches no gap, 410 */
  async retime(timing: Omit<GapTiming, 'author' | 'at'>, actor: Principal): Promise<GapTiming> {
    const rule = await this.get(timing.ruleId, actor);
    if (!isGap(rule)) throw noGap();
    const said = { ...timing, author: actor.id, at: this.clock.now() };
    await this.rules.retime(said);
    return said;
  }

  async timings(id: string, patientId: string | undefined, actor: Principal): Promise<GapTiming[]> {
    await this.get(id, actor);
    return this.rules.timingsOf(id, patientId);
  }

  private async assertReplaceable(id: string, patientId: string | undefined, document: RuleDocument): Promise<void> {
    const replaced = existing(await this.rules.find(id), 'ALERT_RULE.NOT_FOUND');
    if (!patientId || replaced.patientId)
      throw refusal('ALERT_RULE.INVALID', 'replaces', 'is for a rule of a patient, in place of one of the practice');
    if (isGap(replaced) && document.condition.kind !== 'gap') throw gapStays();
  }

  /** @throws InvalidInput (422) that names each step of which nobody can be reached */
  private async assertReachable({ steps, lastResort }: RuleDocument): Promise<void> {
    const reachable = await this.neighbours.reachable([...new Set([...steps.flatMap(({ to }) => to), lastResort.to])]);
    const errors = new FieldErrors();
    const said = 'names nobody who works here and has an address';
    steps.forEach(({ to }, nth) => {
      if (!to.some((id) => reachable.has(id))) errors.add(`document.steps.${nth}.to`, 'ALERT.NOBODY_REACHABLE', said);
    });
    if (!reachable.has(lastResort.to)) errors.add('document.lastResort.to', 'ALERT.NOBODY_REACHABLE', said);
    if (errors.fields.length > 0)
      throw new InvalidInput(errors.fields, 'ALERT.NOBODY_REACHABLE', errorCodes['ALERT.NOBODY_REACHABLE'].title);
  }
}
