import type { Clock } from '@cabinet/kit/clock';
import { assertVersion, type ExpectedVersion } from '@cabinet/kit/http/etag';
import { changedFields } from '@cabinet/service/changes';
import type { Mode } from './identifiers.js';
import { changeable, detailsOf, type InactiveReason, type Patient } from './patient.js';
import { type DetailsInput, readDetails } from './patient-details.js';
import type { Patients } from './ports.js';
import { assertFree } from './register-patient.js';

/** `undefined` leaves a field as it is, `null` clears it. */
export type DetailsPatch = { [Name in keyof DetailsInput]?: DetailsInput[Name] | null };

interface Change {
  /** Absent: the details stay. */
  details?: (current: Patient) => DetailsInput;
  active?: boolean;
  inactiveReason?: InactiveReason;
}

export class ChangePatient {
  constructor(
    private readonly patients: Patients,
    private readonly clock: Clock,
    private readonly mode: Mode,
  ) {}

  replace(id: string, expected: ExpectedVersion, details: DetailsInput, active?: boolean): Promise<Patient> {
    return this.change(id, expected, { details: () => details, active });
  }

  patch(id: string, expected: ExpectedVersion, patch: DetailsPatch, active?: boolean): Promise<Patient> {
    return this.change(id, expected, { details: (current) => patched(current, patch), active });
  }

  /**
   * Takes a patient out of use and leaves everything there: appointments and records refer to them, and a service
   * cannot know for certain that none does.
   */
  deactivate(id: string, expected: ExpectedVersion, inactiveReason?: InactiveReason): Promise<Patient> {
    return this.change(id, expected, { active: false, inactiveReason });
  }

  /**
   * @throws 404, 410, 409 for one who was merged, 412 for a stale version, 422, 409 for an identifier of another
   */
  private change(id: string, expected: ExpectedVersion, wanted: Change): Promise<Patient> {
    const now = this.clock.now();
    return this.patients.inTransaction(async (tx) => {
      const current = changeable((await tx.lock([id])).get(id));
      assertVersion(expected, current.version);
      const details = wanted.details
        ? readDetails(wanted.details(current), { mode: this.mode, now }, current)
        : detailsOf(current);
      const active = wanted.active ?? current.active;
      const changed: string[] = changedFields(detailsOf(current), details);
      const inactiveReason = active ? undefined : (wanted.inactiveReason ?? current.inactiveReason ?? 'other');
      if (active !== current.active) changed.push('active');
      if (inactiveReason !== current.inactiveReason) changed.push('inactiveReason');
      if (changed.length === 0) return current;
      if (changed.includes('identifiers')) await assertFree(tx, details.identifiers, id);
      const { version, createdAt } = current;
      const next = { ...details, id, version, active, inactiveReason, createdAt, updatedAt: now };
      return tx.save(next, { kind: 'updated', changed });
    });
  }
}

function patched(current: Patient, patch: DetailsPatch): DetailsInput {
  const given = Object.entries(patch).filter(([, value]) => value !== undefined);
  const changes = Object.fromEntries(given.map(([name, value]) => [name, value ?? undefined]));
  return { ...detailsOf(current), ...changes };
}
