import type { Channel, Resource, Resources, Rule, Who } from '../vocabulary.js';

const treating: readonly Who[] = ['practitioner care', 'practitioner locum', 'practitioner grant'];
const record: readonly Channel[] = ['rest', 'list'];

const family: readonly Who[] = ['patient guardian', 'patient carer'];

const byPatientOrDesk = (on?: readonly Channel[]): Rule[] => [
  { who: ['patient self'], on, sees: 'all', sets: ['terms', 'kept'], purpose: 'patientRequest' },
  { who: ['patient guardian'], on, sees: ['id', 'terms', 'origin'], sets: ['terms'], purpose: 'familyRequest' },
  { who: ['secretary other'], on, sees: 'all', sets: ['terms', 'kept'], purpose: 'patientAdministration' },
];

/**
 * What is medical is for the patient and their family, and for those who treat them, whom they let in, or who say that it is an
 * emergency; nobody else has a rule. What a minor keeps from guardians is not there for them (decision 33), nor is that it is kept.
 * In an emergency nothing leaves but by the record itself: not as a file, not by a search, not elsewhere.
 */
const medical = (about: string, properties: string[], kept = ['keptFromGuardians']): Resource => ({
  about,
  properties: { medical: properties, kept, emergency: ['emergencyAccess'] },
  actions: {
    read: [
      { who: ['patient self'], on: record, sees: ['medical', 'kept'], purpose: 'patientRequest' },
      { who: family, on: record, sees: ['medical'], purpose: 'familyRequest' },
      { who: treating, on: record, sees: ['medical', 'kept'], purpose: 'treatment' },
      { who: ['practitioner breakGlass'], on: record, sees: 'all', purpose: 'emergency' },
    ],
    write: [
      {
        who: treating,
        on: record,
        sees: ['medical', 'kept'],
        sets: ['medical', 'kept'],
        purpose: 'treatment',
      },
      { who: ['practitioner breakGlass'], on: record, sees: 'all', sets: ['medical', 'kept'], purpose: 'emergency' },
    ],
  },
});

const whole = medical(
  'all that is written of a patient',
  [
    ...['patientId', 'version', 'openedAt', 'mergedFrom', 'patient', 'practitioners'],
    ...['allergies', 'conditions', 'encounters', 'notes', 'observations'],
  ],
  ['entryId', 'keptFromGuardians'],
);

const ofEntries = ['id', 'version', 'at', 'author', 'amendmentReason'];

export const resources: Resources = {
  record: {
    ...whole,
    actions: {
      ...whole.actions,
      keep: [
        { who: ['patient self'], sees: ['kept'], sets: ['kept'], purpose: 'patientRequest' },
        { who: treating, sees: ['kept'], sets: ['kept'], purpose: 'treatment' },
        { who: ['practitioner breakGlass'], sees: 'all', sets: ['kept'], purpose: 'emergency' },
      ],
    },
  },
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
  observation: medical('what was measured at home and a practitioner took over', [
    ...ofEntries,
    ...['status', 'code', 'value', 'unit', 'effectiveAt', 'readingId', 'deviceId', 'certainty', 'flags', 'note'],
  ]),
  accessGrant: {
    about: 'that a patient lets a practitioner into their record, until when',
    properties: {
      id: ['id'],
      terms: ['practitionerId', 'until'],
      origin: ['givenAt', 'givenBy', 'withdrawnAt'],
      kept: ['keptFromGuardians'],
    },
    actions: { give: byPatientOrDesk(), read: byPatientOrDesk(['list']), withdraw: byPatientOrDesk() },
  },
  emergencyAccess: {
    about: 'that a practitioner opened a record because it was an emergency, and what a reviewer says of it',
    properties: {
      id: ['id', 'patientId', 'practitionerId', 'since', 'until'],
      why: ['reasonCode'],
      words: ['words'],
      review: ['verdict', 'escalated'],
    },
    actions: {
      open: [{ who: ['practitioner any'], sees: ['id', 'why', 'words'], sets: ['why', 'words'], purpose: 'emergency' }],
      read: [
        { who: ['patient self'], on: ['list'], sees: 'all', purpose: 'patientRequest' },
        // In free words somebody may tell of what is kept from them.
        { who: ['patient guardian'], on: ['list'], sees: ['id', 'why'], purpose: 'familyRequest' },
      ],
      // Their own are left out, and those of whose guardian they are.
      review: [{ who: ['admin any'], on: ['list'], sees: 'all', purpose: 'practiceOperations' }],
      judge: [{ who: ['admin other'], sees: 'all', sets: ['review'], purpose: 'practiceOperations' }],
    },
  },
};
