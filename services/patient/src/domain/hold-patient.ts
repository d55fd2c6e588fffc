import type { Principal } from '@cabinet/kit/access/principal';
import type { Clock } from '@cabinet/kit/clock';
import { invalidField } from '@cabinet/kit/errors';
import { assertMay } from './access.js';
import { NoLegalHold } from './errors.js';
import type { HoldReason, LegalHold } from './legal-hold.js';
import { changeable } from './patient.js';
import type { Patients } from './ports.js';

const yearsMax = 30;

/** Keeps a patient from being erased for as long as a rule demands it. */
export class HoldPatient {
  constructor(
    private readonly patients: Patients,
    private readonly clock: Clock,
  ) {}

  /**
   * Takes the place of the one before.
   * @throws NotYourField (403) for oneself, 404, 410, 409 for one who was merged, 422 for an end that is past or too far
   */
  async set(id: string, { reason, until }: { reason: HoldReason; until: Date }, actor: Principal): Promise<LegalHold> {
    assertMay(actor, [id]);
    const now = this.clock.now();
    const latest = new Date(now);
    latest.setUTCFullYear(latest.getUTCFullYear() + yearsMax);
    if (until <= now) throw invalidField('until', 'IN_THE_PAST', 'is past already');
    if (until > latest) throw invalidField('until', 'TOO_FAR', `is more than ${yearsMax} years away`);
    return this.patients.inTransaction(async (tx) => {
      changeable((await tx.lock([id])).get(id));
      const hold = { patientId: id, reason, until, setAt: now, setBy: actor.id };
      await tx.hold(hold);
      return hold;
    });
  }

  /** Of those who were merged into the patient as well. @throws as set, and NoLegalHold (404) */
  async end(id: string, actor: Principal): Promise<void> {
    assertMay(actor, [id]);
    return this.patients.inTransaction(async (tx) => {
      changeable((await tx.lock([id])).get(id));
      const ids = [id, ...(await tx.mergedInto(id)).map((each) => each.id)];
      if (!(await tx.endHolds(ids))) throw new NoLegalHold();
    });
  }
}
