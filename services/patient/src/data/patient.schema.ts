import type { Address } from '@cabinet/people/address';
import type { ContactPoint } from '@cabinet/people/telecom';
import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import type { Contact, Gender, InactiveReason } from '../domain/patient.js';

export const PatientSchema = defineEntity({
  name: 'Patient',
  tableName: 'patient',
  properties: {
    id: p.uuid().primary(),
    version: p.integer(),
    active: p.boolean(),
    inactiveReason: p.text().$type<InactiveReason>().nullable(),
    mergedInto: p.uuid().nullable(),
    erasedAt: p.datetime().columnType('timestamptz').nullable(),
    familyName: p.text(),
    givenNames: p.json<string[]>(),
    birthName: p.text().nullable(),
    birthDate: p.date().nullable(),
    gender: p.text().$type<Gender>(),
    telecom: p.json<ContactPoint[]>(),
    address: p.json<Address>().nullable(),
    contacts: p.json<Contact[]>(),
    searchText: p.text(),
    sortName: p.text(),
    createdAt: p.datetime().columnType('timestamptz'),
    updatedAt: p.datetime().columnType('timestamptz'),
  },
});
export type PatientRow = InferEntity<typeof PatientSchema>;

/** A table of its own, so that no two patients can have one identifier. */
export const IdentifierSchema = defineEntity({
  name: 'PatientIdentifier',
  tableName: 'patient_identifier',
  properties: {
    system: p.text().primary(),
    value: p.text().primary(),
    patientId: p.uuid(),
    position: p.integer(),
  },
});
export type IdentifierRow = InferEntity<typeof IdentifierSchema>;
