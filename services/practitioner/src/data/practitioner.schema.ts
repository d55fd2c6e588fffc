import type { ContactPoint } from '@cabinet/people/telecom';
import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import type { AppointmentType, InactiveReason, Place, Speciality } from '../domain/practitioner.js';

export const PractitionerSchema = defineEntity({
  name: 'Practitioner',
  tableName: 'practitioner',
  properties: {
    id: p.uuid().primary(),
    version: p.integer(),
    active: p.boolean(),
    inactiveReason: p.text().$type<InactiveReason>().nullable(),
    familyName: p.text(),
    givenNames: p.json<string[]>(),
    rpps: p.text().nullable(),
    specialities: p.json<Speciality[]>(),
    places: p.json<Place[]>(),
    appointmentTypes: p.json<AppointmentType[]>(),
    telecom: p.json<ContactPoint[]>(),
    searchText: p.text(),
    specialityText: p.text(),
    nameKey: p.text(),
    sortName: p.text(),
    createdAt: p.datetime().columnType('timestamptz'),
    updatedAt: p.datetime().columnType('timestamptz'),
  },
});
export type PractitionerRow = InferEntity<typeof PractitionerSchema>;
