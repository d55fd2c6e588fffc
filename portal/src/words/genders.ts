import type { MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';
import type { Patient } from '../api/types.ts';

/** FHIR R4 AdministrativeGender. */
export const genderNames: Record<Patient['gender'], MessageDescriptor> = {
  female: msg`female`,
  male: msg`male`,
  other: msg`other`,
  unknown: msg`not known`,
};
