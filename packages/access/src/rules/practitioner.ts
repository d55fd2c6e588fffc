import type { Resources } from '../vocabulary.js';

export const resources: Resources = {
  practitioner: {
    about: 'the directory of the practice, which everybody who is signed in reads',
    properties: {
      identity: [
        ...['id', 'version', 'active', 'inactiveReason', 'familyName', 'givenNames', 'rpps', 'specialities'],
        ...['warnings', 'createdAt', 'updatedAt'],
      ],
      arrangement: ['places', 'appointmentTypes', 'telecom'],
    },
    actions: {
      read: [
        { who: ['patient any'], on: ['rest', 'list'], sees: 'all', purpose: 'patientRequest' },
        { who: ['practitioner any'], on: ['rest', 'list'], sees: 'all', purpose: 'treatment' },
        { who: ['secretary any'], on: ['rest', 'list'], sees: 'all', purpose: 'practiceOperations' },
        { who: ['admin any'], on: ['rest', 'list'], sees: 'all', purpose: 'systemAdministration' },
        { who: ['service any'], on: ['rest', 'list'], sees: 'all', purpose: 'practiceOperations' },
      ],
      register: [
        { who: ['secretary any'], sees: 'all', sets: 'all', purpose: 'practiceOperations' },
        { who: ['admin any'], sees: 'all', sets: 'all', purpose: 'systemAdministration' },
      ],
      change: [
        { who: ['practitioner self'], sees: 'all', sets: ['arrangement'], purpose: 'practiceOperations' },
        { who: ['secretary any'], sees: 'all', sets: 'all', purpose: 'practiceOperations' },
        { who: ['admin any'], sees: 'all', sets: 'all', purpose: 'systemAdministration' },
      ],
      replace: [
        { who: ['secretary any'], sees: 'all', sets: 'all', purpose: 'practiceOperations' },
        { who: ['admin any'], sees: 'all', sets: 'all', purpose: 'systemAdministration' },
      ],
      deactivate: [
        { who: ['secretary any'], sees: 'all', purpose: 'practiceOperations' },
        { who: ['admin any'], sees: 'all', purpose: 'systemAdministration' },
      ],
    },
  },
  practitionerImport: {
    about: 'a file of practitioners that are taken over',
    properties: { report: ['dryRun', 'lines', 'refused', 'warnings', 'refusedCsv'] },
    actions: { run: [{ who: ['admin any'], sees: 'all', purpose: 'systemAdministration' }] },
  },
};
