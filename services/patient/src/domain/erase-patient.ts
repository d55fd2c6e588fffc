import type { Principal } from '@cabinet/kit/access/principal';
import type { Clock } from '@cabinet/kit/clock';
import { assertVersion, type ExpectedVersion } from '@cabinet/kit/http/etag';
import { wasStoredBefore } from '@cabinet/kit/http/request-context';
import { keptTrail } from '@cabinet/service/erasure-receipt';
import { assertMay } from './access.js';
import type { KeptReceipt } from './erasure.js';
import { PatientHeld } from './errors.js';
import { changeable, type Patient } from './patient.js';
import type { Forgotten, Patients } from './ports.js';
import { endRelatedPersons } from './refit-related-persons.js';

/** This service among those that give receipts. */
const own = 'patient';

export class ErasePatient {
  constructor(
    private readonly patients: Patients,
    private readonly clock: Clock,
    /** Other services that keep data of patients, and give a receipt for them. */
    private readonly keepers: readonly string[],
  ) {}

  /**
   * Removes everything personal and leaves the bare id, so that what refers to it does not dangle. Registrations that
   * were merged into this one are of the same person and go with it. That it waits for the receipts of all others is stored with it.
   * @throws NotYourField (403) for oneself, 404, 410, 412, and 409 for one who was merged (erase the one it points to) or is held
   */
  async erase({ id, version }: { id: string; version?: ExpectedVersion }, actor: Principal): Promise<void> {
    assertMay(actor, [id]);
    const now = this.clock.now();
    return this.patients.inTransaction(async (tx) => {
      if (wasStoredBefore()) return;
      const patient = changeable((await tx.lock([id])).get(id));
      if (version !== undefined) assertVersion(version, patient.version);
      const all = [patient, ...(await tx.mergedInto(id))];
      const patientIds = all.map((each) => each.id);
      const hold = await tx.holdOf(patientIds, now);
      if (hold) throw new PatientHeld(hold);
      await endRelatedPersons(tx, id, now);
      const receipts: KeptReceipt[] = [];
      for (const each of all) {
        await tx.save(anonymous(each, now), { kind: 'erased' });
        receipts.push(receiptFor(each, await tx.forget(each.id), now));
      }
      const keepers = [own, ...this.keepers];
      await tx.noteErasure({ patientId: id, patientIds, erasedAt: now, erasedBy: actor.id, keepers, receipts });
    });
  }
}

const receiptFor = (
  patient: Patient,
  { visits, relatedPersons, labels, unusualAccesses, answers }: Forgotten,
  now: Date,
): KeptReceipt => ({
  service: own,
  patientId: patient.id,
  receivedAt: now,
  what: [
    { kind: 'details', count: 1, outcome: 'erased' },
    { kind: 'identifiers', count: patient.identifiers.length, outcome: 'erased' },
    { kind: 'contacts', count: patient.contacts.length, outcome: 'erased' },
    { kind: 'visits', count: visits, outcome: 'erased' },
    { kind: 'relatedPersons', count: relatedPersons, outcome: 'erased' },
    { kind: 'securityLabels', count: labels, outcome: 'erased' },
    // Of who looked; of the patient the bare id is left, and no word of a reviewer.
    { kind: 'unusualAccesses', count: unusualAccesses, outcome: 'kept', reason: 'access-trail' },
    { kind: 'keptAnswers', count: answers, outcome: 'erased' },
    keptTrail,
  ],
});

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
