import type { Principal } from '@cabinet/kit/access/principal';
import type { Clock } from '@cabinet/kit/clock';
import { assertVersion, type ExpectedVersion } from '@cabinet/kit/http/etag';
import { changedFields } from '@cabinet/service/changes';
import { assertActsForNone, assertMay } from './access.js';
import type { Ages } from './ages.js';
import type { Mode } from './identifiers.js';
import { changeable, detailsOf, type InactiveReason, type Patient } from './patient.js';
import { type DetailsInput, readDetails } from './patient-details.js';
import type { Patients } from './ports.js';
import { refitRelatedPersons } from './refit-related-persons.js';
import { assertFree } from './register-patient.js';

/** `undefined` leaves a field as it is, `null` clears it. */
export type DetailsPatch = { [Name in keyof DetailsInput]?: DetailsInput[Name] | null };

/** Which patient is to be changed, and of which version. */
export interface ChangeOrder {
  id: string;
  version: ExpectedVersion;
  /** In use or not; absent: as it is. */
  active?: boolean;
}

interface Change {
  /** Absent: the details stay. */
  details?: (current: Patient) => DetailsInput;
  inactiveReason?: InactiveReason;
}

export class ChangePatient {
  constructor(
    private readonly patients: Patients,
    private readonly clock: Clock,
    private readonly mode: Mode,
    private readonly ages: Ages,
  ) {}

  /** @throws NotYourField (403) for one's own, and for the birth date of whom one acts for */
  async replace({ details, ...order }: ChangeOrder & { details: DetailsInput }, actor: Principal): Promise<Patient> {
    assertMay(actor, [order.id]);
    return this.change(order, { details: () => details }, actor);
  }

  /** @throws NotYourData, NotYourField (403), as for the birth date of whom one acts for */
  async patch({ patch, ...order }: ChangeOrder & { patch: DetailsPatch }, actor: Principal): Promise<Patient> {
    const fields = order.active === undefined ? Object.keys(patch) : [...Object.keys(patch), 'active'];
    assertMay(actor, [order.id], fields, this.clock.now());
    return this.change(order, { details: (current) => patched(current, patch) }, actor);
  }

  /**
   * Takes a patient out of use and leaves everything there: appointments and records refer to them, and a service
   * cannot know for certain that none does.
   * @throws NotYourField (403) for oneself
   */
  async deactivate(order: ChangeOrder & { reason?: InactiveReason }, actor: Principal): Promise<Patient> {
    assertMay(actor, [order.id]);
    return this.change({ ...order, active: false }, { inactiveReason: order.reason }, actor);
  }

  /**
   * @throws 404, 410, 409 for one who was merged, 412 for a stale version, 422, 409 for an identifier of another
   */
  private change({ id, version: expected, ...order }: ChangeOrder, wanted: Change, actor: Principal): Promise<Patient> {
    const now = this.clock.now();
    return this.patients.inTransaction(async (tx) => {
      const current = changeable((await tx.lock([id])).get(id));
      assertVersion(expected, current.version);
      const details = wanted.details
        ? readDetails(wanted.details(current), { mode: this.mode, now }, current)
        : detailsOf(current);
      const active = order.active ?? current.active;
      const changed: string[] = changedFields(detailsOf(current), details);
      const inactiveReason = active ? undefined : (wanted.inactiveReason ?? current.inactiveReason ?? 'other');
      if (active !== current.active) changed.push('active');
      if (inactiveReason !== current.inactiveReason) changed.push('inactiveReason');
      if (changed.length === 0) return current;
      if (changed.includes('birthDate')) await assertActsForNone(tx.related, { ids: [id], actor, now }, ['birthDate']);
      if (changed.includes('identifiers')) await assertFree(tx, details.identifiers, id);
      const { version, createdAt } = current;
      const next = { ...details, id, version, active, inactiveReason, createdAt, updatedAt: now };
      const saved = await tx.save(next, { kind: 'updated', changed });
      if (changed.some((field) => decidesWhoActs.has(field))) {
        await refitRelatedPersons(tx, { before: current, after: saved }, { ages: this.ages, now });
      }
      return saved;
    });
  }
}

/** Who is of age, or has died. */
const decidesWhoActs = new Set(['birthDate', 'inactiveReason']);

function patched(current: Patient, patch: DetailsPatch): DetailsInput {
  const given = Object.entries(patch).filter(([, value]) => value !== undefined);
  const changes = Object.fromEntries(given.map(([name, value]) => [name, value ?? undefined]));
  return { ...detailsOf(current), ...changes };
}
