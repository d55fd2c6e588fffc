import type { Clock } from '@cabinet/kit/clock';
import { newId } from '@cabinet/kit/ids';
import { currentPatientIds } from '@cabinet/postgres/gone-patients';
import type { EntityManager } from '@cabinet/postgres/orm';
import type { Decision } from '../../domain/decisions/decision.js';
import { type Plan, planNews, planOffer, planReminders, type Recipient } from '../../domain/policies/plan.js';
import type { PolicyVersion } from '../../domain/policies/policy.js';
import { dateIn } from '../../domain/time/zoned-time.js';
import { after, type HeardVisit, type KnownVisit, newsOf } from '../../domain/visit.js';
import { insertDecisions, newRows, onKey, toNewRow } from '../ledger/decision-rows.js';
import type { NotificationEvents } from '../notification-events.js';
import { waitForPatientChanges } from '../patient-changes.js';
import { currentPolicy } from '../postgres-policies.js';
import { hideWhatIsKept } from './hide-what-is-kept.js';
import { tellSuppressed } from './suppressed.js';
import { selectVisits, storeVisits } from './visit-rows.js';

/** Decides what is sent of visits when, as they change, as policies do, and as who acts for their patients does. */
export class PlanVisits {
  constructor(
    private readonly events: NotificationEvents,
    /** IANA, of the practice. */
    private readonly zone: string,
    private readonly clock: Clock,
  ) {}

  /**
   * @param heard the newest of each visit
   * @param isFound by a comparison, and not told: of what nobody here knew no news are told
   * @returns how many of them were not known in this version
   */
  async hear(tx: EntityManager, heard: readonly HeardVisit[], isFound = false): Promise<number> {
    await waitForPatientChanges(tx);
    const policy = await currentPolicy(tx);
    const ids = `{${heard.map(({ appointmentId }) => appointmentId).join(',')}}`;
    const rows = await selectVisits(tx, 'where appointment_id = any(?::uuid[]) order by appointment_id for update', [
      ids,
    ]);
    const known = new Map(rows.map((visit) => [visit.appointmentId, visit]));
    const patients = await currentPatientIds(
      tx,
      heard.map(({ patientId }) => patientId),
    );
    const now = this.clock.now();
    const changed: { before?: KnownVisit; heard: HeardVisit; visit: KnownVisit }[] = [];
    for (const each of heard) {
      const stored = known.get(each.appointmentId);
      // Of what a comparison found nobody was told: that it is told of afterwards is the first that is heard of it.
      const before = stored?.isFound && !isFound && stored.version === each.version ? undefined : stored;
      const patientId = patients.get(each.patientId);
      if (!patientId || (before && before.version >= each.version)) continue;
      const current = { ...each, patientId };
      changed.push({ before, heard: current, visit: after(before, current, now, isFound) });
    }
    if (changed.length === 0) return 0;
    const visits = changed.map(({ visit }) => visit);
    const unheardOf = await storeVisits(tx, visits, policy.version);
    // Of those no line stands.
    const stood = visits.filter(({ appointmentId }) => !unheardOf.has(appointmentId));
    await hideWhatIsKept(tx, stood);
    const unsaid = await this.supersedeNews(tx, stood);
    const recipients = await this.recipientsOf(tx, visits, now);
    const news = changed.flatMap(({ before, heard: told, visit }) => {
      const kind = newsOf(before, told);
      const facts = { policy: policy.policy, zone: this.zone, recipients: recipients.get(visit.patientId) ?? [] };
      if (!kind || visit.start <= now || (isFound && !before)) return [];
      if (kind === 'offer') return this.decisionsOf(visit, planOffer(visit, told.answerBy ?? visit.start, facts));
      // Who was not told that it was booked is told that, and not that it was moved.
      const said = kind === 'moved' && unsaid.has(visit.appointmentId) ? 'confirmation' : kind;
      return this.decisionsOf(visit, planNews(visit, said, facts));
    });
    await this.store(tx, news);
    await this.planRemindersOf(tx, { visits, stood }, policy, recipients);
    return changed.length;
  }

  /** Plans the reminders of visits anew, as after a change of the policy or of who acts for somebody. */
  async replan(tx: EntityManager, visits: readonly KnownVisit[], given?: PolicyVersion): Promise<void> {
    if (visits.length === 0) return;
    const policy = given ?? (await currentPolicy(tx));
    await storeVisits(tx, visits, policy.version);
    const recipients = await this.recipientsOf(tx, visits, this.clock.now());
    await this.planRemindersOf(tx, { visits, stood: visits }, policy, recipients);
  }

  /** @param stood those of the visits of which there may be lines already */
  private async planRemindersOf(
    tx: EntityManager,
    { visits, stood }: Record<'visits' | 'stood', readonly KnownVisit[]>,
    { policy }: PolicyVersion,
    recipients: ReadonlyMap<string, Recipient[]>,
  ): Promise<void> {
    const now = this.clock.now();
    const wanted = visits
      .filter(({ status, start }) => status === 'booked' && start > now)
      .flatMap((visit) => {
        const facts = { policy, zone: this.zone, recipients: recipients.get(visit.patientId) ?? [] };
        return this.decisionsOf(visit, planReminders(visit, facts));
      });
    const rows = wanted.map((decision) =>
      toNewRow(decision, policy.mergesVisitsOfOneDay ? this.together(decision) : undefined),
    );
    if (stood.length > 0) {
      await tellSuppressed(
        tx,
        this.events,
        `with wanted as materialized (select * from ${newRows})
         update decision set version = version + 1, state = 'suppressed', reason = 'superseded', decided_at = ?
         where state = 'planned' and kind = 'reminder' and occasion_id = any(?::uuid[])
           and (occasion_id, occasion_version, recipient_id, step, channel) not in
             (select occasion_id, occasion_version, recipient_id, step, channel from wanted)`,
        [JSON.stringify(rows), now, `{${stood.map(({ appointmentId }) => appointmentId).join(',')}}`],
      );
    }
    if (rows.length === 0) return;
    // What was reminded of is not said again of the same time, and what is under way stays as it is.
    await tx.execute(
      `${insertDecisions}
       where not exists (select from decision as before where before.occasion_id = row.occasion_id
         and before.recipient_id = row.recipient_id and before.kind = row.kind and before.step = row.step
         and before.channel = row.channel and before.starts_at = row.starts_at and before.sent_at is not null)
       ${onKey} do update set version = decision.version + 1, due_at = excluded.due_at, next_at = excluded.next_at,
         expires_at = excluded.expires_at, state = excluded.state, reason = excluded.reason, decided_at = excluded.decided_at,
         together = excluded.together, kept_from_guardians = excluded.kept_from_guardians
       where decision.attempts = 0
         and (decision.state, decision.due_at, decision.reason, decision.together) is distinct from
           (excluded.state, excluded.due_at, excluded.reason, excluded.together)
         and (decision.state = 'planned' or decision.state = 'suppressed'
           and decision.reason in ('superseded', 'past', 'quiet-hours', 'minors-secret'))`,
      [JSON.stringify(rows)],
    );
  }

  /** What was to be told of earlier versions no longer is. @returns the visits of which it was not yet told that they were booked */
  private async supersedeNews(tx: EntityManager, visits: readonly KnownVisit[]): Promise<Set<string>> {
    if (visits.length === 0) return new Set();
    const rows = visits.map(({ appointmentId, sinceVersion, status }) => ({
      id: appointmentId,
      below: ['booked', 'proposed', 'pending', 'cancelled'].includes(status) ? sinceVersion : sinceVersion + 1,
    }));
    const ended = await tellSuppressed(
      tx,
      this.events,
      `update decision set version = version + 1, state = 'suppressed', reason = 'superseded', decided_at = ?
       from jsonb_to_recordset(?::jsonb) as row (visit_id uuid, below integer)
       where state = 'planned' and kind <> 'reminder' and nth = 0 and occasion_id = visit_id and occasion_version < below`,
      [this.clock.now(), JSON.stringify(rows.map(({ id, below }) => ({ visit_id: id, below })))],
    );
    return new Set(ended.filter(({ kind }) => kind === 'confirmation').map(({ occasionId }) => occasionId));
  }

  /** The patient, and who acts for them in appointments. */
  private async recipientsOf(tx: EntityManager, visits: readonly KnownVisit[], now: Date) {
    const patientIds = [...new Set(visits.map(({ patientId }) => patientId))];
    const acting = await tx.execute<{ patient_id: string; id: string; as: 'guardian' | 'carer' }[]>(
      // Two who were merged may stand there twice, and as who acts for themselves, until the patient service has ended the one.
      `select distinct on (patient_id, related_patient_id) patient_id, related_patient_id as id, relationship as "as" from acting
       where patient_id = any(?::uuid[]) and related_patient_id <> patient_id and not has_ended
         and sections @> '["appointments"]' and (until is null or until > ?)
       order by patient_id, related_patient_id, relationship desc`,
      [`{${patientIds.join(',')}}`, now],
    );
    const recipients = new Map(
      patientIds.map((id): [string, Recipient[]] => [id, [{ recipientId: id, audience: 'self' }]]),
    );
    for (const { patient_id, id, as } of acting) recipients.get(patient_id)?.push({ recipientId: id, audience: as });
    return recipients;
  }

  private decisionsOf(visit: KnownVisit, plans: readonly Plan[]): Decision[] {
    const now = this.clock.now();
    return plans.map((plan) => ({
      id: newId(),
      version: 1,
      occasion: 'appointment',
      occasionId: visit.appointmentId,
      occasionVersion: visit.sinceVersion,
      nth: 0,
      patientId: visit.patientId,
      appointmentId: visit.appointmentId,
      startsAt: visit.start,
      practitionerId: visit.practitionerId,
      placeId: visit.placeId,
      keptFromGuardians: visit.keptFromGuardians,
      decidedAt: now,
      nextAt: plan.dueAt,
      state: plan.reason ? 'suppressed' : 'planned',
      attempts: 0,
      ...plan,
    }));
  }

  private store(tx: EntityManager, decisions: readonly Decision[]): Promise<unknown> {
    if (decisions.length === 0) return Promise.resolve();
    const rows = decisions.map((decision) => toNewRow(decision));
    return tx.execute(`${insertDecisions} ${onKey} do nothing`, [JSON.stringify(rows)]);
  }

  private together({
    recipientId,
    patientId,
    keptFromGuardians,
    step,
    channel,
    startsAt = new Date(0),
  }: Decision): string {
    return [recipientId, patientId, keptFromGuardians, step, channel, dateIn(startsAt.getTime(), this.zone)].join('|');
  }
}
