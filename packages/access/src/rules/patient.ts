import type { Channel, Resources, Rule } from '../vocabulary.js';

// Of their own data somebody is the patient, whatever else they are in the practice: who checks who a person is, is another.
/**
 * Secretaries see who patients are and how to reach them; when they come, to whomever that is, those see who work for every
 * practitioner.
 */
const bySecretary = (who: 'other' | 'any', more: Pick<Rule, 'sets'> & { on?: readonly Channel[] } = {}): Rule[] => [
  { who: [`secretary ${who}`], sees: ['identity', 'contact'], purpose: 'patientAdministration', ...more },
  { who: ['secretary delegate'], sees: 'all', purpose: 'patientAdministration', ...more },
];

export const resources: Resources = {
  patient: {
    about: 'who somebody is, how to reach them, and when they come',
    properties: {
      identity: [
        ...['id', 'version', 'active', 'inactiveReason', 'mergedInto', 'familyName', 'givenNames', 'birthName'],
        ...['birthDate', 'gender', 'identifiers', 'warnings', 'createdAt', 'updatedAt'],
      ],
      contact: ['telecom', 'address', 'contacts'],
      visits: ['lastVisit', 'nextVisit'],
    },
    actions: {
      read: [
        { who: ['patient self'], sees: 'all', purpose: 'patientRequest' },
        // When they come is for who acts in appointments, and for guardians, in whichever role, no more of it than the minor lets
        // them know.
        { who: ['patient guardian', 'patient carer'], sees: ['identity', 'contact'], purpose: 'familyRequest' },
        { who: ['practitioner other'], sees: 'all', purpose: 'treatment' },
        { who: ['practitioner any'], on: ['list', 'search'], sees: 'all', purpose: 'treatment' },
        ...bySecretary('other'),
        ...bySecretary('any', { on: ['list', 'search'] }),
        { who: ['admin other'], sees: ['identity', 'contact'], purpose: 'systemAdministration' },
        { who: ['admin any'], on: ['list', 'search'], sees: ['identity', 'contact'], purpose: 'systemAdministration' },
        {
          who: ['service any'],
          on: ['rest', 'list', 'search'],
          sees: ['identity', 'contact'],
          purpose: 'practiceOperations',
        },
      ],
      compare: [
        { who: ['practitioner any'], on: ['list'], sees: 'all', purpose: 'treatment' },
        ...bySecretary('any', { on: ['list'] }),
        { who: ['admin any'], on: ['list'], sees: ['identity', 'contact'], purpose: 'systemAdministration' },
      ],
      register: [
        { who: ['practitioner any'], sees: 'all', sets: 'all', purpose: 'treatment' },
        ...bySecretary('any', { sets: 'all' }),
        {
          who: ['admin any'],
          sees: ['identity', 'contact'],
          sets: 'all',
          purpose: 'systemAdministration',
        },
      ],
      change: [
        { who: ['patient self'], sees: 'all', sets: ['contact'], purpose: 'patientRequest' },
        {
          who: ['patient guardian', 'patient carer'],
          sees: ['identity', 'contact'],
          sets: ['contact'],
          purpose: 'familyRequest',
        },
        { who: ['practitioner other'], sees: 'all', sets: 'all', purpose: 'treatment' },
        ...bySecretary('other', { sets: 'all' }),
        {
          who: ['admin other'],
          sees: ['identity', 'contact'],
          sets: 'all',
          purpose: 'systemAdministration',
        },
      ],
      replace: [
        { who: ['practitioner other'], sees: 'all', sets: 'all', purpose: 'treatment' },
        ...bySecretary('other', { sets: 'all' }),
        {
          who: ['admin other'],
          sees: ['identity', 'contact'],
          sets: 'all',
          purpose: 'systemAdministration',
        },
      ],
      deactivate: [
        ...bySecretary('other'),
        { who: ['admin other'], sees: ['identity', 'contact'], purpose: 'systemAdministration' },
      ],
      merge: [
        ...bySecretary('other'),
        { who: ['admin other'], sees: ['identity', 'contact'], purpose: 'systemAdministration' },
      ],
      erase: [{ who: ['admin other'], sees: [], purpose: 'systemAdministration' }],
    },
    hiddenFromGuardians: ['visits'],
    unseenByGuardians: ['practitioner'],
  },
  patientMatch: {
    about: 'who a person may be that says who they are, and what of it agrees',
    properties: { all: ['patientId', 'active', 'familyName', 'birthName', 'givenNames', 'birthDate', 'agreement'] },
    actions: {
      find: [
        { who: ['secretary any'], on: ['search'], sees: 'all', purpose: 'patientAdministration' },
        { who: ['admin any'], on: ['search'], sees: 'all', purpose: 'systemAdministration' },
      ],
    },
  },
  patientAccess: {
    about: 'who saw or changed what of a patient, in all services, for three years',
    properties: {
      all: [
        ...['service', 'at', 'times', 'role', 'practitionerId', 'practitionerName', 'onBehalfOf', 'kind', 'action'],
        ...['isRefused', 'isEmergency', 'purpose', 'text'],
      ],
    },
    actions: {
      read: [
        { who: ['patient self'], on: ['list'], sees: 'all', purpose: 'patientRequest' },
        // But for guardians what a minor keeps from them.
        { who: ['patient guardian', 'patient carer'], on: ['list'], sees: 'all', purpose: 'familyRequest' },
      ],
    },
  },
  relatedPerson: {
    about: 'that somebody may act for a patient: a guardian by proof, or a carer whom an adult chose',
    properties: {
      id: ['id', 'version', 'patientId', 'familyName', 'givenNames', 'givenBy', 'from'],
      terms: ['relatedPatientId', 'relationship', 'sections', 'until', 'ends'],
      opened: ['opened'],
      proof: ['proof'],
    },
    actions: {
      read: [
        { who: ['patient self'], on: ['list'], sees: ['id', 'terms', 'opened'], purpose: 'patientRequest' },
        { who: ['patient guardian'], on: ['list'], sees: ['id', 'terms'], purpose: 'familyRequest' },
        { who: ['practitioner other'], on: ['list'], sees: 'all', purpose: 'treatment' },
        { who: ['secretary other'], on: ['list'], sees: 'all', purpose: 'patientAdministration' },
      ],
      readActsFor: [
        { who: ['patient self'], on: ['list'], sees: ['id', 'terms'], purpose: 'patientRequest' },
        { who: ['secretary other'], on: ['list'], sees: 'all', purpose: 'patientAdministration' },
      ],
      // Who is a guardian is said by the practice alone, by what proves it.
      give: [
        { who: ['patient self'], sees: ['id', 'terms'], sets: ['terms'], purpose: 'patientRequest' },
        { who: ['secretary other'], sees: 'all', sets: ['terms', 'proof'], purpose: 'patientAdministration' },
      ],
      // What is a minor's own they open to a guardian themself, or the practice at their word.
      change: [
        {
          who: ['patient self'],
          sees: ['id', 'terms', 'opened'],
          sets: ['terms', 'opened'],
          purpose: 'patientRequest',
        },
        { who: ['secretary other'], sees: 'all', sets: ['terms', 'opened'], purpose: 'patientAdministration' },
      ],
      end: [
        { who: ['patient self'], sees: [], purpose: 'patientRequest' },
        { who: ['patient carer'], sees: [], purpose: 'familyRequest' },
        { who: ['secretary other'], sees: [], purpose: 'patientAdministration' },
      ],
    },
    notByClients: ['give', 'change'],
    unseenByGuardians: ['practitioner'],
  },
  comingOfAge: {
    about: 'who soon reaches an age at which rights change, and who their guardians are',
    properties: { all: ['patientId', 'familyName', 'givenNames', 'birthDate', 'age', 'day', 'sections', 'guardians'] },
    actions: {
      read: [
        { who: ['practitioner any'], on: ['list'], sees: 'all', purpose: 'treatment' },
        { who: ['secretary any'], on: ['list'], sees: 'all', purpose: 'patientAdministration' },
      ],
    },
    unseenByGuardians: ['practitioner'],
  },
  // Whoever is let into a record by care, a grant or an emergency takes no copy of all of it, and what is medical is for no desk.
  patientExport: {
    about: 'a copy of all that is kept of a patient, in all services',
    properties: { all: ['patientId', 'sections'] },
    actions: { read: [{ who: ['patient self'], on: ['export'], sees: 'all', purpose: 'patientRequest' }] },
  },
  patientErasure: {
    about: 'what became of the data of a patient who is to be erased, service by service, or what stands in the way',
    properties: {
      all: ['patientId', 'state', 'hold', 'erasedAt', 'erasedBy', 'ageHours', 'waitsFor', 'patientIds', 'receipts'],
    },
    actions: {
      read: [{ who: ['admin any'], on: ['rest', 'list'], sees: 'all', purpose: 'systemAdministration' }],
      askAgain: [{ who: ['admin any'], sees: 'all', purpose: 'systemAdministration' }],
    },
  },
  legalHold: {
    about: 'that a patient must not be erased, by which rule, until when',
    properties: { all: ['patientId', 'reason', 'rule', 'until', 'setAt', 'setBy'] },
    actions: {
      set: [{ who: ['admin other'], sees: 'all', sets: 'all', purpose: 'systemAdministration' }],
      end: [{ who: ['admin other'], sees: [], purpose: 'systemAdministration' }],
    },
  },
  securityLabel: {
    about: 'that the practice marks a patient, as of public interest: whoever looks at them is looked at more closely',
    properties: { all: ['patientId', 'code', 'setAt', 'setBy'] },
    actions: {
      read: [
        { who: ['secretary other'], on: ['list'], sees: 'all', purpose: 'patientAdministration' },
        { who: ['admin other'], on: ['list'], sees: 'all', purpose: 'systemAdministration' },
      ],
      set: [
        { who: ['secretary other'], sees: 'all', sets: 'all', purpose: 'patientAdministration' },
        { who: ['admin other'], sees: 'all', sets: 'all', purpose: 'systemAdministration' },
      ],
      remove: [
        { who: ['secretary other'], sees: [], purpose: 'patientAdministration' },
        { who: ['admin other'], sees: [], purpose: 'systemAdministration' },
      ],
    },
  },
  accesses: {
    about: 'who of the practice saw whose data, as the audit trails of services have it',
    properties: { all: ['after', 'hash', 'lookedAt'] },
    actions: { tell: [{ who: ['service any'], sees: 'all', purpose: 'practiceOperations' }] },
  },
  unusualAccess: {
    about: 'that somebody of the practice saw what their work may not ask for, and what a reviewer says of it',
    properties: {
      found: [
        ...['id', 'version', 'actor', 'practitionerId', 'patientId', 'day', 'reasons', 'patients', 'usual', 'lines'],
        ...['firstAt', 'lastAt', 'dueAt'],
      ],
      review: ['verdict', 'escalated'],
    },
    actions: {
      // Their own, and what was seen of them or of whose guardian they are, is left out.
      review: [{ who: ['admin any'], on: ['list'], sees: 'all', purpose: 'practiceOperations' }],
      judge: [{ who: ['admin other'], sees: 'all', sets: ['review'], purpose: 'practiceOperations' }],
    },
  },
  patientIdentifier: {
    about: 'whose identifier it is: for services that take over data of others',
    properties: { all: ['system', 'value', 'patientId', 'active'] },
    actions: { resolve: [{ who: ['service any'], on: ['search'], sees: 'all', purpose: 'practiceOperations' }] },
  },
  patientStatus: {
    about: 'whether a patient exists, is active, has died or was merged: for services that refer to patients',
    properties: { all: ['patientId', 'active', 'deceased', 'mergedInto'] },
    actions: { read: [{ who: ['service any'], on: ['list'], sees: 'all', purpose: 'practiceOperations' }] },
  },
  patientImport: {
    about: 'a file of patients that are taken over',
    properties: { report: ['dryRun', 'lines', 'refused', 'warnings', 'refusedCsv'] },
    actions: { run: [{ who: ['admin any'], sees: 'all', purpose: 'systemAdministration' }] },
  },
};
