import type { Principal } from '@cabinet/kit/access/principal';
import type { Clock } from '@cabinet/kit/clock';
import { noteSubjects } from '@cabinet/service/audit/subjects';
import { type Page, toPage } from '@cabinet/service/http/pages';
import { assertMay, assertMaySee, assertMayWatch } from './access.js';
import { type Alert, isCalling } from './alert.js';
import type { RuleDocument } from './engine/rule.js';
import { existing } from './errors.js';
import type { AlertFilter, AlertNote, AlertPlace, Alerts, Rules } from './ports.js';

/** Why an alert rang: the rule as it was, the readings, what was not known, and who was told when. */
export interface Explanation {
  alert: Alert;
  document: RuleDocument;
  author: string;
  notes: AlertNote[];
}

/** What whoever tells people of an alert has to know of it: nothing of its patient. */
export interface Call {
  alertId: string;
  /** How often its steps were laid out. */
  generation: number;
  isCalling: boolean;
}

export class FindAlerts {
  constructor(
    private readonly alerts: Alerts,
    private readonly rules: Rules,
    private readonly clock: Clock,
  ) {}

  /** Those that the practitioner watches over, the most urgent first. @throws NotAllowed (403) for who is none */
  async list(
    filter: Omit<AlertFilter, 'watcher'>,
    limit: number,
    after: AlertPlace | undefined,
    actor: Principal,
  ): Promise<Page<Alert>> {
    const watcher = assertMayWatch(actor);
    return toPage(await this.alerts.list({ ...filter, watcher }, limit, after), limit);
  }

  /** @throws NotFound (404) */
  async get(id: string, actor: Principal): Promise<Alert> {
    const alert = existing(await this.alerts.find(id), 'ALERT.NOT_FOUND');
    noteSubjects(alert.patientId);
    assertMaySee(actor, alert);
    return alert;
  }

  /** Whether somebody is still to be told of it, for who is about to. @throws NotAllowed (403), NotFound (404) */
  async call(id: string, actor: Principal): Promise<Call> {
    assertMay(actor);
    const alert = existing(await this.alerts.find(id), 'ALERT.NOT_FOUND');
    return { alertId: id, generation: alert.generation, isCalling: isCalling(alert, this.clock.now()) };
  }

  /** @throws NotFound (404) */
  async why(id: string, actor: Principal): Promise<Explanation> {
    const alert = await this.get(id, actor);
    const version = (await this.rules.versions(alert.ruleId)).find((each) => each.version === alert.ruleVersion);
    const { document, author } = existing(version, 'ALERT_RULE.NOT_FOUND');
    return { alert, document, author, notes: await this.alerts.notesOf(id) };
  }
}
