import type { Principal } from '@cabinet/kit/access/principal';
import type { Clock } from '@cabinet/kit/clock';
import { assertMay } from './access.js';
import { NoSuchLabel } from './errors.js';
import { changeable, existing } from './patient.js';
import type { Patients } from './ports.js';
import type { LabelCode, SecurityLabel } from './security-label.js';

/** Marks a patient, so that whoever looks at them is looked at more closely. Whoever was merged into them keeps their marks. */
export class LabelPatient {
  constructor(
    private readonly patients: Patients,
    private readonly clock: Clock,
  ) {}

  /** The first of each code. @throws NotYourData (403), 404, 410 */
  async list(id: string, actor: Principal): Promise<SecurityLabel[]> {
    assertMay(actor, [id]);
    const { mergedInto } = existing(await this.patients.find(id));
    return this.patients.labelsOf(mergedInto ?? id);
  }

  /** Each that a patient has or had; for whoever may have all of it. */
  everyOf(id: string): Promise<SecurityLabel[]> {
    return this.patients.everyLabelOf(id);
  }

  /** One that is there stays as it is. @throws NotYourField (403) for oneself, 404, 410, 409 for one who was merged */
  async set(id: string, code: LabelCode, actor: Principal): Promise<SecurityLabel> {
    assertMay(actor, [id]);
    return this.patients.inTransaction(async (tx) => {
      changeable((await tx.lock([id])).get(id));
      return tx.label({ patientId: id, code, setAt: this.clock.now(), setBy: actor.id });
    });
  }

  /** Those of whom were merged into the patient as well; that they had it stays known. @throws as set, and NoSuchLabel (404) */
  async remove(id: string, code: LabelCode, actor: Principal): Promise<void> {
    assertMay(actor, [id]);
    return this.patients.inTransaction(async (tx) => {
      changeable((await tx.lock([id])).get(id));
      const ids = [id, ...(await tx.mergedInto(id)).map((each) => each.id)];
      if (!(await tx.removeLabels(ids, code, { at: this.clock.now(), by: actor.id }))) throw new NoSuchLabel();
    });
  }
}
