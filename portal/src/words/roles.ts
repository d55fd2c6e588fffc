import type { MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';
import type { Role } from '../session/person.ts';

export const roleNames: Record<Role, MessageDescriptor> = {
  patient: msg`Patient`,
  practitioner: msg`Practitioner`,
  secretary: msg`Secretary`,
  admin: msg`Administrator`,
};
