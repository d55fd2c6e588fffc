import type { EntityManager } from '@cabinet/postgres/orm';
import type { KnownVisit } from '../../domain/visit.js';

const list = (visits: readonly Pick<KnownVisit, 'appointmentId' | 'patientId'>[], of: 'appointmentId' | 'patientId') =>
  `{${[...new Set(visits.map((visit) => visit[of]))].join(',')}}`;

/** Lines of the ledger that stand already follow what a minor keeps from their guardians, or no longer does. */
export async function hideWhatIsKept(tx: EntityManager, visits: readonly KnownVisit[]): Promise<void> {
  const { kept = [], open = [] } = Object.groupBy(visits, ({ keptFromGuardians }) =>
    keptFromGuardians ? 'kept' : 'open',
  );
  // What was said together with another visit stays hidden: that one may be kept still.
  if (open.length > 0) {
    await tx.execute(
      `update decision set version = version + 1, kept_from_guardians = false
       where occasion_id = any(?::uuid[]) and kept_from_guardians and covers is null
         and reason is distinct from 'merged-with-another-visit'`,
      [list(open, 'appointmentId')],
    );
  }
  if (kept.length === 0) return;
  await tx.execute(
    `update decision set version = version + 1, kept_from_guardians = true
     where occasion_id = any(?::uuid[]) and not kept_from_guardians`,
    [list(kept, 'appointmentId')],
  );
  // After it, so that what left meanwhile is seen: the message that speaks of it, and what the ledger says to be in that message.
  await tx.execute(
    `update decision set version = decision.version + 1, kept_from_guardians = true
     from decision as carrier
     where carrier.patient_id = any(?::uuid[]) and jsonb_exists_any(carrier.covers, ?::text[])
       and decision.patient_id = carrier.patient_id and jsonb_exists(carrier.covers, decision.occasion_id::text)
       and decision.recipient_id = carrier.recipient_id and decision.step = carrier.step
       and decision.channel = carrier.channel and decision.kind = carrier.kind and not decision.kept_from_guardians`,
    [list(kept, 'patientId'), list(kept, 'appointmentId')],
  );
}

/** The same of what has just left: a visit that it speaks of may have become kept while it was on its way. */
export const hideWhatBecameKept = (tx: EntityManager, ids: readonly string[]): Promise<unknown> =>
  tx.execute(
    `update decision set version = decision.version + 1, kept_from_guardians = true
     from visit where decision.id = any(?::uuid[]) and not decision.kept_from_guardians and visit.kept_from_guardians
       and jsonb_exists(decision.covers, visit.appointment_id::text) and visit.patient_id = decision.patient_id`,
    [`{${ids.join(',')}}`],
  );
