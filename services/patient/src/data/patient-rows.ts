import { searchText } from '@cabinet/people/names';
import { sortNameOf } from '../domain/find-patients.js';
import type { Patient } from '../domain/patient.js';
import type { IdentifierRow, PatientRow } from './patient.schema.js';

export function toPatients(rows: PatientRow[], identifiers: IdentifierRow[]): Patient[] {
  const byPatient = Map.groupBy(identifiers, ({ patientId }) => patientId);
  return rows.map((row) => toPatient(row, byPatient.get(row.id) ?? []));
}

const toPatient = (row: PatientRow, identifiers: IdentifierRow[]): Patient => ({
  id: row.id,
  version: row.version,
  active: row.active,
  inactiveReason: row.inactiveReason ?? undefined,
  mergedInto: row.mergedInto ?? undefined,
  erasedAt: row.erasedAt ?? undefined,
  familyName: row.familyName,
  givenNames: row.givenNames,
  birthName: row.birthName ?? undefined,
  birthDate: row.birthDate ?? '',
  gender: row.gender,
  identifiers: identifiers.sort((a, b) => a.position - b.position).map(({ system, value }) => ({ system, value })),
  telecom: row.telecom,
  address: row.address ?? undefined,
  contacts: row.contacts,
  createdAt: row.createdAt,
  updatedAt: row.updatedAt,
});

export const toRow = (patient: Patient): PatientRow => {
  const { identifiers: _, inactiveReason, mergedInto, erasedAt, birthName, birthDate, address, ...rest } = patient;
  return {
    ...rest,
    inactiveReason: inactiveReason ?? null,
    mergedInto: mergedInto ?? null,
    erasedAt: erasedAt ?? null,
    birthName: birthName ?? null,
    birthDate: birthDate || null,
    address: address ?? null,
    searchText: searchText([patient.familyName, birthName ?? '', ...patient.givenNames]),
    sortName: sortNameOf(patient),
  };
};

export const toIdentifierRows = (patient: Patient): IdentifierRow[] =>
  patient.identifiers.map(({ system, value }, position) => ({ system, value, patientId: patient.id, position }));
