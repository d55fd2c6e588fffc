import type { MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';
import type { Fate } from '../api/types.ts';

export const outcomes: Record<Fate['outcome'], MessageDescriptor> = {
  erased: msg`erased`,
  anonymised: msg`nothing left but a bare number`,
  kept: msg`kept`,
};

/** Why something is kept, in plain words. */
export const keptReasons: Record<NonNullable<Fate['reason']>, MessageDescriptor> = {
  'medical-record': msg`The law wants medical records kept for twenty years after the last visit. Nobody can open it any more; it is erased on the day.`,
  'access-trail': msg`It stays on record who saw or changed the data, never what it said.`,
};

const services: Record<string, MessageDescriptor> = {
  patient: msg`Details of the patient`,
  appointment: msg`Appointments`,
  record: msg`Medical record`,
  auth: msg`Account and sign-ins`,
  notification: msg`Messages`,
  wearable: msg`Devices and readings`,
  alert: msg`Alerts`,
};
export const serviceName = (service: string): MessageDescriptor | undefined => services[service];

const kinds: Record<string, MessageDescriptor> = {
  details: msg`name, birth date and how to reach them`,
  identifiers: msg`identity numbers`,
  contacts: msg`people to be told`,
  visits: msg`list of visits`,
  relatedPersons: msg`people who act for them`,
  securityLabels: msg`marks`,
  appointments: msg`appointments`,
  waitingListEntries: msg`places on waiting lists`,
  entries: msg`entries of the medical record`,
  grants: msg`who was let into the record`,
  emergencyAccesses: msg`openings in an emergency`,
  accounts: msg`accounts`,
  linksToAccounts: msg`links to accounts`,
  sessions: msg`sign-ins`,
  invitations: msg`invitations`,
  unusualAccesses: msg`unusual openings that were reported`,
  notifications: msg`messages and what came of them`,
  families: msg`who is told in their stead`,
  preferences: msg`wishes about messages`,
  pushSubscriptions: msg`browsers that are notified`,
  unreachableAddresses: msg`addresses at which nothing arrives`,
  webhookDeliveries: msg`what other systems were told`,
  readings: msg`readings`,
  pairings: msg`which device was with them when`,
  devices: msg`devices`,
  imports: msg`files of readings`,
  alerts: msg`alerts`,
  questions: msg`readings in doubt`,
  silences: msg`times in which alerts were held back`,
  rules: msg`rules by which readings were watched`,
  keptAnswers: msg`answers kept for repeated requests`,
  auditTrail: msg`who looked`,
};
/** Undefined for a kind that a service has begun to keep since: its own word is shown. */
export const kindName = (kind: string): MessageDescriptor | undefined => kinds[kind];
