import type { Resource, Resources } from '../vocabulary.js';

/** What is medical is for the patient and for those who treat them; nobody else has a rule. */
const medical = (about: string, properties: string[]): Resource => ({
  about,
  properties: { medical: properties },
  actions: {
    read: [
      { who: ['patient self'], on: ['rest', 'list'], sees: 'all', purpose: 'patientRequest' },
      { who: ['practitioner care'], on: ['rest', 'list'], sees: 'all', purpose: 'treatment' },
    ],
    write: [{ who: ['practitioner care'], on: ['rest', 'list'], sees: 'all', sets: 'all', purpose: 'treatment' }],
  },
});

const ofEntries = ['id', 'version', 'at', 'author', 'amendmentReason'];

export const resources: Resources = {
  record: medical('all that is written of a patient', [
    ...['patientId', 'version', 'openedAt', 'mergedFrom', 'patient', 'practitioners'],
    ...['allergies', 'conditions', 'encounters', 'notes'],
  ]),
  allergy: medical('what a patient does not tolerate, or that nothing such is known', [
    ...ofEntries,
    ...['type', 'category', 'criticality', 'code', 'clinicalStatus', 'verificationStatus', 'onset', 'reactions'],
    ...['note', 'state', 'statement'],
  ]),
  condition: medical('what a patient has or had', [
    ...ofEntries,
    ...['code', 'clinicalStatus', 'verificationStatus', 'severity', 'onset', 'abatement', 'note'],
  ]),
  encounter: medical('that a patient was seen, by whom and why', [
    ...ofEntries,
    ...['status', 'class', 'period', 'practitionerId', 'appointmentId', 'reason'],
  ]),
  note: medical('what a practitioner writes of a patient', [...ofEntries, 'status', 'text']),
};
