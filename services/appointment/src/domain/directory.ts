import type { Parties } from './capacity.js';
import type { Neighbours, PractitionerFacts } from './neighbours.js';
import { patientInactive, patientUnknown, refusal } from './refusal.js';

/** Whom appointments can be made with, as the services that keep patients and practitioners say. */
export class Directory {
  constructor(private readonly neighbours: Neighbours) {}

  /** The practitioner. @throws 422 unless the practitioner receives and the patient is active, 503 when they cannot be asked */
  async parties({ practitionerId, patientId }: Parties): Promise<PractitionerFacts> {
    const [practitioner] = await Promise.all([
      this.receivingPractitioner(practitionerId),
      this.assertActivePatient(patientId),
    ]);
    return practitioner;
  }

  /** @throws 422 for a practitioner who is unknown or no longer receives, 503 when it cannot be asked */
  async receivingPractitioner(practitionerId: string): Promise<PractitionerFacts> {
    const practitioner = await this.neighbours.practitioner(practitionerId);
    if (!practitioner)
      throw refusal('APPOINTMENT.PRACTITIONER_UNKNOWN', 'practitionerId', 'is not a known practitioner');
    if (!practitioner.active) {
      throw refusal('APPOINTMENT.PRACTITIONER_INACTIVE', 'practitionerId', 'is a practitioner who no longer receives');
    }
    return practitioner;
  }

  private async assertActivePatient(patientId: string): Promise<void> {
    const patient = await this.neighbours.patient(patientId);
    if (!patient) throw patientUnknown();
    if (patient.mergedInto) {
      throw refusal('APPOINTMENT.PATIENT_MERGED', 'patientId', `turned out to be the patient ${patient.mergedInto}`);
    }
    if (!patient.active) throw patientInactive();
  }
}
