import { type GivePatientData, PatientDataGone } from '@cabinet/service/http/patient-data';
import { measureOf } from '../domain/measures.js';
import type { Devices, FileImports, Patients, RawPoint, Readings } from '../domain/ports.js';
import { toDeviceResponse } from './device.dto.js';
import { toImportResponse } from './import.dto.js';
import { toRawPoint } from './reading.dto.js';

interface Parts {
  patients: Patients;
  devices: Pick<Devices, 'listOf'>;
  readings: Pick<Readings, 'all'>;
  imports: Pick<FileImports, 'listOf'>;
}

/** All devices, readings and imports of a patient, for a copy of all that is kept of them. */
export const givePatientData =
  ({ patients, devices, readings, imports }: Parts): GivePatientData =>
  async (asked) => {
    const [patientId] = (await patients.namesOf(asked)) ?? [];
    if (!patientId) throw new PatientDataGone();
    const all = async (as: 'present' | 'corrected'): Promise<object[]> => {
      const given: object[] = [];
      for await (const { code, points } of readings.all(patientId, as))
        given.push(...points.map((point) => toGiven(code, point)));
      return given;
    };
    return {
      patientId,
      sections: {
        devices: (await devices.listOf(patientId)).map(toDeviceResponse),
        readings: await all('present'),
        correctedReadings: await all('corrected'),
        imports: (await imports.listOf(patientId)).map(toImportResponse),
      },
    };
  };

const toGiven = (code: string, point: RawPoint): object => ({
  code,
  unit: measureOf(code)?.unit,
  ...toRawPoint(point),
});
