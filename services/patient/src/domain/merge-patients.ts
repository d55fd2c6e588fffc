import type { Principal } from '@cabinet/kit/access/principal';
import type { Clock } from '@cabinet/kit/clock';
import { invalidField } from '@cabinet/kit/errors';
import { assertVersion, type ExpectedVersion } from '@cabinet/kit/http/etag';
import { wasStoredBefore } from '@cabinet/kit/http/request-context';
import { noteSubjects } from '@cabinet/service/audit/subjects';
import { changedFields } from '@cabinet/service/changes';
import { assertActsForNone, assertMay } from './access.js';
import type { Ages } from './ages.js';
import { contradictingSystem } from './duplicates.js';
import { MergeContradiction, NotAMergeTarget, TooMuchToMerge } from './errors.js';
import { changeable, detailsOf, existing, type Patient, type PatientDetails } from './patient.js';
import { mergedCountMax, tooLongTogether } from './patient-details.js';
import type { Patients } from './ports.js';
import { carryRelatedPersons } from './refit-related-persons.js';

export interface MergeOrder {
  /** The one registered by mistake; it stays as a pointer. */
  id: string;
  intoPatientId: string;
  /** Version of the one to be merged, when the caller wants it checked. */
  version?: ExpectedVersion;
}

export class MergePatients {
  constructor(
    private readonly patients: Patients,
    private readonly clock: Clock,
    private readonly ages: Ages,
  ) {}

  /**
   * Makes two registrations of one person one. The survivor keeps its own details and gets what it lacks; the other
   * points to it, and whatever pointed to the other does too. Merging again into the same patient changes nothing.
   * @returns the survivor
   * @throws NotYourField (403) for oneself and those for whom one acts, 404, 410, 412, 422 for merging into itself, 409 when it cannot be one person, one is merged or inactive, or they
   * have more together than one patient can have
   */
  async merge({ id, intoPatientId, version }: MergeOrder, actor: Principal): Promise<Patient> {
    assertMay(actor, [id, intoPatientId]);
    if (id === intoPatientId) throw invalidField('intoPatientId', 'SAME_PATIENT', 'is the same patient');
    const now = this.clock.now();
    return this.patients.inTransaction(async (tx) => {
      const locked = await tx.lock([id, intoPatientId]);
      const found = existing(locked.get(id));
      const survivor = locked.get(intoPatientId);
      if (!survivor) throw invalidField('intoPatientId', 'NO_SUCH_PATIENT', 'is not a known patient');
      if (found.mergedInto === intoPatientId || wasStoredBefore()) return survivor;
      const merged = changeable(found);
      await assertActsForNone(tx.related, { ids: [id, intoPatientId], actor, now });
      if (version !== undefined) assertVersion(version, merged.version);
      noteSubjects(survivor.mergedInto);
      if (!survivor.active || survivor.erasedAt || survivor.mergedInto) throw new NotAMergeTarget(survivor.mergedInto);
      const system = contradictingSystem(merged.identifiers, survivor.identifiers);
      if (system) throw new MergeContradiction(system);
      const completed = { ...survivor, ...completedBy(survivor, merged), ...stateOf(survivor, merged), updatedAt: now };
      const tooLong = tooLongTogether(completed);
      if (tooLong.length > 0) throw new TooMuchToMerge(tooLong, mergedCountMax);

      const pointer = { ...merged, identifiers: [], mergedInto: intoPatientId, updatedAt: now };
      const asPointer = (patient: Patient): Patient => ({ ...patient, active: false, inactiveReason: 'merged' });
      await tx.save(asPointer(pointer), { kind: 'merged', mergedInto: intoPatientId });
      for (const earlier of await tx.mergedInto(id)) {
        await tx.save(
          { ...earlier, mergedInto: intoPatientId, updatedAt: now },
          { kind: 'merged', mergedInto: intoPatientId },
        );
      }
      await carryRelatedPersons(tx, { merged, survivor: completed }, { ages: this.ages, now });
      const changed: string[] = changedFields(detailsOf(survivor), detailsOf(completed));
      if (!completed.active) changed.push('active', 'inactiveReason');
      return changed.length === 0 ? survivor : tx.save(completed, { kind: 'updated', changed });
    });
  }
}

/** One person: who has died as one of the two is not alive as the other. */
const stateOf = (survivor: Patient, other: Patient): Pick<Patient, 'active' | 'inactiveReason'> => {
  const { active, inactiveReason } = other.inactiveReason === 'deceased' ? other : survivor;
  return { active, inactiveReason };
};

/** What the survivor has, and from the other what it lacks. */
export const completedBy = (survivor: PatientDetails, other: PatientDetails): Partial<PatientDetails> => ({
  birthName: survivor.birthName ?? other.birthName,
  gender: survivor.gender === 'unknown' ? other.gender : survivor.gender,
  address: survivor.address ?? other.address,
  identifiers: union(survivor.identifiers, other.identifiers, ({ system, value }) => `${system} ${value}`),
  telecom: union(survivor.telecom, other.telecom, ({ system, value }) => `${system} ${value}`),
  contacts: union(survivor.contacts, other.contacts, (contact) => JSON.stringify(contact)),
});

const union = <T>(own: T[], other: T[], keyOf: (item: T) => string): T[] => [
  ...new Map([...other, ...own].map((item) => [keyOf(item), item])).values(),
];
