import type { Clock } from '@cabinet/kit/clock';
import { effectOfRequest } from '@cabinet/kit/http/request-context';
import { newId } from '@cabinet/kit/ids';
import { noteSubjects } from '@cabinet/service/audit/subjects';
import { likenessOf, mayBeSamePerson } from './duplicates.js';
import { IdentifierTaken, PossibleDuplicate } from './errors.js';
import type { Mode } from './identifiers.js';
import type { Identifier, Patient, PatientDetails } from './patient.js';
import { type DetailsInput, readDetails } from './patient-details.js';
import type { Patients, PatientTransaction } from './ports.js';

export interface RegisterOptions {
  /** The caller has compared, and says that it is somebody else. */
  acceptDuplicate: boolean;
}

export class RegisterPatient {
  constructor(
    private readonly patients: Patients,
    private readonly clock: Clock,
    private readonly mode: Mode,
  ) {}

  /**
   * @throws InvalidInput (422), IdentifierTaken (409), and PossibleDuplicate (409) unless that was accepted
   */
  async register(input: DetailsInput, { acceptDuplicate }: RegisterOptions): Promise<Patient> {
    const now = this.clock.now();
    const details = readDetails(input, { mode: this.mode, now });
    return this.patients.inTransaction(async (tx) => {
      const { id, wasBegun } = effectOfRequest();
      const born = await tx.lockBirthDates([details.birthDate]);
      const registered = wasBegun ? (await tx.lock([id])).get(id) : undefined;
      if (registered) return registered;
      await assertFree(tx, details.identifiers);
      const likeness = likenessOf(details);
      const alike = born.filter((other) => mayBeSamePerson(likeness, likenessOf(other)));
      if (alike.length > 0 && !acceptDuplicate) {
        const ids = alike.map(({ id }) => id);
        noteSubjects(...ids);
        throw new PossibleDuplicate(ids);
      }
      const patient = newPatient(details, now, id);
      noteSubjects(id);
      await tx.add([patient]);
      return patient;
    });
  }
}

export const newPatient = (details: PatientDetails, now: Date, id = newId()): Patient => ({
  ...details,
  id,
  version: 1,
  active: true,
  createdAt: now,
  updatedAt: now,
});

/** @throws IdentifierTaken (409) when somebody else has one of the identifiers */
export async function assertFree(tx: PatientTransaction, identifiers: Identifier[], ownId?: string): Promise<void> {
  const [taken] = (await tx.holdersOf(identifiers)).filter(({ patientId }) => patientId !== ownId);
  if (!taken) return;
  const index = identifiers.findIndex(({ system, value }) => {
    return system === taken.identifier.system && value === taken.identifier.value;
  });
  noteSubjects(taken.patientId);
  throw new IdentifierTaken(`identifiers[${index}]`, taken.patientId);
}
