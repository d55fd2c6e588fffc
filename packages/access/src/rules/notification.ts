import type { Resources } from '../vocabulary.js';

// Of their own notifications somebody is the patient, whatever else they are in the practice.
export const resources: Resources = {
  notification: {
    about: 'the notifications of a patient',
    properties: { all: ['id', 'version', 'patientId', 'text', 'createdAt', 'updatedAt'] },
    actions: {
      read: [
        { who: ['patient self'], on: ['rest', 'list'], sees: 'all', purpose: 'patientRequest' },
        { who: ['practitioner other'], on: ['rest', 'list'], sees: 'all', purpose: 'treatment' },
        { who: ['secretary other'], on: ['rest', 'list'], sees: 'all', purpose: 'patientAdministration' },
      ],
      record: [
        { who: ['patient self'], sees: 'all', sets: 'all', purpose: 'patientRequest' },
        { who: ['practitioner other'], sees: 'all', sets: 'all', purpose: 'treatment' },
        { who: ['secretary other'], sees: 'all', sets: 'all', purpose: 'patientAdministration' },
      ],
      change: [
        { who: ['patient self'], sees: 'all', sets: 'all', purpose: 'patientRequest' },
        { who: ['practitioner other'], sees: 'all', sets: 'all', purpose: 'treatment' },
        { who: ['secretary other'], sees: 'all', sets: 'all', purpose: 'patientAdministration' },
      ],
    },
  },
};
