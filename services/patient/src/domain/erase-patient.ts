import type { Principal } from '@cabinet/kit/access/principal';
import type { Clock } from '@cabinet/kit/clock';
import { assertVersion, type ExpectedVersion } from '@cabinet/kit/http/etag';
import { wasStoredBefore } from '@cabinet/kit/http/request-context';
import { assertMay } from './access.js';
import { changeable, type Patient } from './patient.js';
import type { Patients } from './ports.js';
import { endRelatedPersons } from './refit-related-persons.js';

export class ErasePatient {
  constructor(
    private readonly patients: Patients,
    private readonly clock: Clock,
  ) {}

  /**
   * Removes everything personal and leaves the bare id, so that what refers to it does not dangle. Registrations that
   * were merged into this one are of the same person and go with it.
   * @throws NotYourField (403) for oneself, 404, 410, 412, and 409 for one who was merged: erase the one it points to
   */
  async erase({ id, version }: { id: string; version?: ExpectedVersion }, actor: Principal): Promise<void> {
    assertMay(actor, [id]);
    const now = this.clock.now();
    return this.patients.inTransaction(async (tx) => {
      if (wasStoredBefore()) return;
      const patient = changeable((await tx.lock([id])).get(id));
      if (version !== undefined) assertVersion(version, patient.version);
      await endRelatedPersons(tx, id, now);
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
