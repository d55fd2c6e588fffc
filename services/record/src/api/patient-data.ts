import { type GivePatientData, type PatientData, PatientDataGone } from '@cabinet/service/http/patient-data';
import type { ListedKind } from '../domain/contents.js';
import { RecordBusy } from '../domain/errors.js';
import { currentRecord } from '../domain/find-record.js';
import type { Records } from '../domain/ports.js';
import { entriesOf, type MedicalRecord } from '../domain/record.js';
import type { EmergencyResponses } from './emergency-responses.js';
import { grantResponse } from './grants.controller.js';
import { allergyList, versionResponse } from './responses.js';

/** All that is written of the patient, in every version, whom they let in, and who opened it in an emergency. */
export const givePatientData =
  (records: Pick<Records, 'find'>, emergencies: EmergencyResponses): GivePatientData =>
  async (asked): Promise<PatientData> => {
    const record = await currentRecord(records, asked);
    // It is opened a moment after the patient was registered.
    if (!record) return { patientId: asked, sections: {} };
    if (record.status === 'erased') throw new PatientDataGone();
    // Entries that are on their way to another record would be missing.
    if (record.status !== 'open') throw new RecordBusy();
    const { patientId } = record;
    const { state, statement } = allergyList(record);
    return {
      patientId,
      sections: {
        allergyState: [{ state, ...statement }],
        allergies: versionsOf(record, 'allergy'),
        conditions: versionsOf(record, 'condition'),
        encounters: versionsOf(record, 'encounter'),
        notes: versionsOf(record, 'note'),
        observations: versionsOf(record, 'observation'),
        grants: record.grants.map(grantResponse),
        emergencyAccesses: record.emergencies.map((access) => emergencies.of({ patientId, access })),
      },
    };
  };

const versionsOf = (record: MedicalRecord, kind: ListedKind): object[] =>
  entriesOf(record, kind).flatMap((entry) => entry.versions.map((version) => versionResponse(entry, version)));
