import type { MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';

/** What is searched for most in the audit trails, by its name there. */
export const usualDeeds: Record<string, MessageDescriptor> = {
  'GET /api/records/:patientId': msg`read a medical record`,
  'POST /api/records/:patientId/emergency-access': msg`open a medical record in an emergency`,
  'GET /api/patients/:id': msg`read a patient’s details`,
  'PATCH /api/patients/:id': msg`change a patient’s details`,
  'POST /api/patients/search': msg`search a patient`,
  'POST /api/patients/:id/merge': msg`merge two patients`,
  'POST /api/patients/:id/erase': msg`erase a patient`,
  'GET /api/appointments': msg`look at appointments`,
  'PATCH /api/auth/users/:id': msg`change a user`,
  'DELETE /api/auth/users/:id/sessions': msg`sign a user out everywhere`,
  'POST /api/auth/login': msg`sign in with a password`,
};
