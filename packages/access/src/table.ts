// Written by `npm run gen` from process.json. The rules of each service stand in rules/.
import { Policy } from './policy.js';
import { resources as alert } from './rules/alert.js';
import { resources as appointment } from './rules/appointment.js';
import { resources as auth } from './rules/auth.js';
import { resources as notification } from './rules/notification.js';
import { resources as patient } from './rules/patient.js';
import { resources as practitioner } from './rules/practitioner.js';
import { resources as record } from './rules/record.js';
import { resources as wearable } from './rules/wearable.js';

/** Who may see and do what, of all services. */
export const policy = new Policy({
  ...alert,
  ...appointment,
  ...auth,
  ...notification,
  ...patient,
  ...practitioner,
  ...record,
  ...wearable,
});
