import type { Clock } from '@cabinet/kit/clock';
import { assertVersion, type ExpectedVersion } from '@cabinet/kit/http/etag';
import { changeable, type Patient } from './patient.js';
import type { Patients } from './ports.js';

export class ErasePatient {
  constructor(
    private readonly patients: Patients,
    private readonly clock: Clock,
  ) {}

  /**
   * Removes everything personal and leaves the bare id, so that what refers to it does not dangle. Registrations that
   * were merged into this one are of the same person and go with it.
   * @throws 404, 410, 412, and 409 for one who was merged: erase the one it points to
   */
  erase(id: string, version?: ExpectedVersion): Promise<void> {
    const now = this.clock.now();
    return this.patients.inTransaction(async (tx) => {
      const patient = changeable((await tx.lock([id])).get(id));
      if (version !== undefined) assertVersion(version, patient.version);
      for (const each of [patient, ...(await tx.mergedInto(id))]) {
        await tx.save(anonymous(each, now), { kind: 'erased' });
        await tx.forget(each.id);
      }
    });
  }
}

const anonymous = ({ id, version, mergedInto, createdAt }: Patient, now: Date): Patient => ({
  id,
  version,
  active: false,
  mergedInto,
  erasedAt: now,
  familyName: '',
  givenNames: [],
  birthDate: '',
  gender: 'unknown',
  identifiers: [],
  telecom: [],
  contacts: [],
  createdAt,
  updatedAt: now,
});
