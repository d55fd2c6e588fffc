import { type GivePatientData, PatientDataGone } from '@cabinet/service/http/patient-data';
import { measureOf } from '../domain/measures.js';
import type { Devices, Patients, RawPoint, Readings } from '../domain/ports.js';
import { toDeviceResponse } from './device.dto.js';
import { toRawPoint } from './reading.dto.js';

interface Parts {
  patients: Patients;
  devices: Pick<Devices, 'listOf'>;
  readings: Pick<Readings, 'all'>;
}

/** All devices and readings of a patient, for a copy of all that is kept of them. */
export const givePatientData =
  ({ patients, devices, readings }: Parts): GivePatientData =>
  async (asked) => {
    const [patientId] = (await patients.namesOf(asked)) ?? [];
    if (!patientId) throw new PatientDataGone();
    const given: object[] = [];
    for await (const { code, points } of readings.all(patientId))
      given.push(...points.map((point) => toGiven(code, point)));
    return {
      patientId,
      sections: { devices: (await devices.listOf(patientId)).map(toDeviceResponse), readings: given },
    };
  };

const toGiven = (code: string, point: RawPoint): object => ({
  code,
  unit: measureOf(code)?.unit,
  ...toRawPoint(point),
});
