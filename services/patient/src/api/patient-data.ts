import type { Clock } from '@cabinet/kit/clock';
import type { GivePatientData } from '@cabinet/service/http/patient-data';
import type { FindPatients } from '../domain/find-patients.js';
import type { KeepRelatedPersons } from '../domain/keep-related-persons.js';
import type { LabelPatient } from '../domain/label-patient.js';
import { toPatientResponse } from './patient.dto.js';
import { toRelatedPersonResponse } from './related-person.dto.js';

/**
 * Who the patient is to the practice, how it reaches them, how it has marked them, and who acts for them; what showed it is the
 * practice's. What was found unusual is of who looked, and that they did, the patient sees among the accesses.
 */
export const givePatientData =
  (find: FindPatients, related: KeepRelatedPersons, label: LabelPatient, clock: Clock): GivePatientData =>
  async (asked) => {
    const patient = await find.current(asked);
    const labels = await label.everyOf(patient.id);
    const actors = await related.relationsOf(patient.id, 'relatedPatientId');
    const now = clock.now();
    return {
      patientId: patient.id,
      sections: {
        details: [toPatientResponse(patient)],
        relatedPersons: actors.map((each) => ({ ...toRelatedPersonResponse(each, now), proof: undefined })),
        securityLabels: labels.map(({ code, setAt, removedAt }) => ({ code, setAt, removedAt })),
      },
    };
  };
