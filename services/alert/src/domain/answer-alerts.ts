import type { Principal } from '@cabinet/kit/access/principal';
import type { Clock } from '@cabinet/kit/clock';
import { noteSubjects } from '@cabinet/service/audit/subjects';
import { assertMaySee } from './access.js';
import { type Alert, isActive, stepsFrom } from './alert.js';
import type { RuleDocument } from './engine/rule.js';
import { existing, isOver, refusal } from './errors.js';
import type { AlertChange, Alerts, Neighbours, Rules } from './ports.js';

const minute = 60_000;

/** What a practitioner does about an alert: once it is stored nobody is told by any way that has not been taken yet. */
export class AnswerAlerts {
  constructor(
    private readonly alerts: Alerts,
    private readonly rules: Rules,
    private readonly neighbours: Neighbours,
    private readonly clock: Clock,
  ) {}

  /** Seen, and taken care of. Again it changes nothing. @throws NotFound (404), Conflict (409) for one that is over */
  async acknowledge(id: string, actor: Principal): Promise<Alert> {
    await this.mine(id, actor);
    return this.alerts.change(id, (alert) => {
      if (alert.acknowledgedAt) return undefined;
      if (!isActive(alert)) throw isOver();
      return {
        alert: { ...alert, acknowledgedAt: this.clock.now(), acknowledgedBy: actor.id },
        steps: [],
        told: { kind: 'acknowledged' },
        note: { kind: 'acknowledged', by: actor.id, details: {} },
      };
    });
  }

  /**
   * This alert alone is quiet for so long, and then begins anew; another of the patient rings all the same.
   * @throws NotFound (404), Conflict (409), InvalidInput (422) for longer than its rule allows
   */
  async snooze(id: string, minutes: number, actor: Principal): Promise<Alert> {
    const document = await this.documentOf(await this.mine(id, actor));
    if (minutes > document.snoozeMinutesMax) {
      throw refusal('ALERT.SNOOZE_TOO_LONG', 'minutes', `must be at most ${document.snoozeMinutesMax}`);
    }
    return this.alerts.change(id, (alert) => {
      assertOpen(alert);
      const until = new Date(this.clock.now().getTime() + minutes * minute);
      const snoozed = { ...alert, snoozedUntil: until, generation: alert.generation + 1 };
      const note = { kind: 'snoozed', by: actor.id, details: { until: until.toISOString() } };
      const steps = alert.inhibitedBy ? [] : stepsFrom(document, until, alert.owner);
      return { alert: snoozed, steps, told: { kind: 'snoozed', until }, note };
    });
  }

  /**
   * Somebody else takes it over: they are told at once, and the later steps follow from now on, until they answer.
   * @throws NotFound (404), Conflict (409), InvalidInput (422) for one who cannot be reached, Unavailable (503)
   */
  async handOver(id: string, practitionerId: string, actor: Principal): Promise<Alert> {
    const document = await this.documentOf(await this.mine(id, actor));
    if (!(await this.neighbours.reachable([practitionerId])).has(practitionerId)) {
      throw refusal('ALERT.NOBODY_REACHABLE', 'practitionerId', 'does not work here, or has no address');
    }
    return this.alerts.change(id, (alert): AlertChange => {
      if (!isActive(alert)) throw isOver();
      const now = this.clock.now();
      const handed = {
        ...alert,
        owner: practitionerId,
        watchers: [...new Set([...alert.watchers, practitionerId])],
        generation: alert.generation + 1,
        acknowledgedAt: undefined,
        acknowledgedBy: undefined,
        snoozedUntil: undefined,
        inhibitedBy: undefined,
      };
      const note = { kind: 'handed-over', by: actor.id, details: { to: practitionerId } };
      const steps = stepsFrom(document, now, practitionerId);
      return { alert: handed, steps, told: { kind: 'handed-over', practitionerId }, note };
    });
  }

  private async mine(id: string, actor: Principal): Promise<Alert> {
    const alert = existing(await this.alerts.find(id), 'ALERT.NOT_FOUND');
    noteSubjects(alert.patientId);
    assertMaySee(actor, alert);
    return alert;
  }

  private async documentOf({ ruleId, ruleVersion }: Alert): Promise<RuleDocument> {
    const version = (await this.rules.versions(ruleId)).find((each) => each.version === ruleVersion);
    return existing(version, 'ALERT_RULE.NOT_FOUND').document;
  }
}

/** @throws Conflict (409) */
function assertOpen(alert: Alert): void {
  if (!isActive(alert) || alert.acknowledgedAt) throw isOver();
}
