import type { Channel, Resources, Rule, Who } from '../vocabulary.js';

// People act for a patient as what they are to them: the patient, who acts for them in what is medical (section `record`), a
// practitioner who treats them by a visit or stands in for one who does, and the desk, which hands out devices and sees no reading.
const family: readonly Who[] = ['patient guardian', 'patient carer'];
const treating: readonly Who[] = ['practitioner care', 'practitioner locum'];

const medical = (on?: readonly Channel[], sets: Rule['sets'] = undefined): Rule[] => [
  { who: ['patient self'], on, sees: 'all', sets, purpose: 'patientRequest' },
  { who: family, on, sees: 'all', sets, purpose: 'familyRequest' },
  { who: treating, on, sees: 'all', sets, purpose: 'treatment' },
];

const withDesk = (sees: Rule['sees'], on?: readonly Channel[], sets: Rule['sets'] = undefined): Rule[] => [
  { who: ['patient self'], on, sees, sets, purpose: 'patientRequest' },
  { who: family, on, sees, sets, purpose: 'familyRequest' },
  { who: treating, on, sees, sets, purpose: 'treatment' },
  { who: ['secretary other'], on, sees, sets, purpose: 'patientAdministration' },
];

export const resources: Resources = {
  device: {
    about: 'what measures at home, and with which patient it is or was',
    properties: {
      device: [
        ...['id', 'patientId', 'name', 'manufacturer', 'model', 'certainty', 'pairedAt', 'unpairedAt'],
        'seenAt',
      ],
      token: ['token'],
    },
    actions: {
      read: withDesk(['device'], ['list']),
      pair: withDesk('all', ['rest'], 'all'),
      unpair: withDesk(['device']),
    },
    // By its token a device sends as long as it is paired.
    notByClients: ['pair'],
    unseenByGuardians: ['practitioner'],
  },
  reading: {
    about: 'what is measured of a patient, as it was or by the hour and the day',
    properties: {
      curve: [
        ...['patientId', 'code', 'name', 'unit', 'kind', 'resolution', 'zone', 'from', 'to', 'gaps'],
        ...['at', 'id', 'value', 'endAt', 'receivedAt', 'version', 'certainty', 'flags', 'deviceId', 'origin'],
        ...['count', 'low', 'high', 'mean', 'total'],
      ],
      report: ['stored', 'known', 'corrected', 'refused', 'outcomes'],
    },
    actions: {
      // Who watches over patients replays what was.
      read: [...medical(['list']), { who: ['service any'], on: ['list'], sees: 'all', purpose: 'practiceOperations' }],
      record: medical(['rest'], 'all'),
    },
    unseenByGuardians: ['practitioner'],
  },
  readingSummary: {
    about: 'which measures there are of a patient, since when and until when',
    properties: { all: ['code', 'name', 'unit', 'kind', 'firstAt', 'lastAt', 'lastValue'] },
    actions: {
      read: [...medical(['list']), { who: ['service any'], on: ['list'], sees: 'all', purpose: 'practiceOperations' }],
    },
    unseenByGuardians: ['practitioner'],
  },
  readingImport: {
    about: 'a file of readings that is taken over, and how far it is',
    properties: {
      all: [
        ...['id', 'patientId', 'format', 'zone', 'bytes', 'offset', 'startedAt', 'changedAt', 'endedAt'],
        ...['types', 'leftOut', 'refusals'],
      ],
    },
    actions: { run: medical(['rest'], 'all'), read: medical() },
    unseenByGuardians: ['practitioner'],
  },
};
