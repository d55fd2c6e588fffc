import { nameWords, searchText } from '@cabinet/people/names';
import { nameKeyOf } from '../domain/duplicates.js';
import { sortNameOf } from '../domain/find-practitioners.js';
import type { Practitioner } from '../domain/practitioner.js';
import type { PractitionerRow } from './practitioner.schema.js';

export const toPractitioner = (row: PractitionerRow): Practitioner => ({
  id: row.id,
  version: row.version,
  active: row.active,
  inactiveReason: row.inactiveReason ?? undefined,
  familyName: row.familyName,
  givenNames: row.givenNames,
  rpps: row.rpps ?? undefined,
  specialities: row.specialities,
  places: row.places,
  appointmentTypes: row.appointmentTypes,
  telecom: row.telecom,
  createdAt: row.createdAt,
  updatedAt: row.updatedAt,
});

export const toRow = (practitioner: Practitioner): PractitionerRow => ({
  ...practitioner,
  inactiveReason: practitioner.inactiveReason ?? null,
  rpps: practitioner.rpps ?? null,
  searchText: searchText([practitioner.familyName, ...practitioner.givenNames]),
  specialityText: wordsToFind(practitioner.specialities.flatMap(({ code = '', display }) => [code, display])),
  nameKey: nameKeyOf(practitioner),
  sortName: sortNameOf(practitioner),
});

const wordsToFind = (names: string[]): string =>
  nameWords(names)
    .map((word) => ` ${word}`)
    .join('');
