import { defineEntity, p } from '@mikro-orm/core';

/** A patient of whom readings have come since the practice watches. */
export const HeardPatientSchema = defineEntity({
  name: 'HeardPatient',
  tableName: 'heard_patient',
  properties: {
    patientId: p.uuid().primary(),
    firstAt: p.datetime().columnType('timestamptz'),
    lastAt: p.datetime().columnType('timestamptz'),
  },
});
