import type { Purpose, Resources, Rule, Who } from '../vocabulary.js';

// Whom a rule may tell, and to whom an alert was handed over, watches over its patients: that is `care`. What was measured is for them
// alone; rules are practice-wide decisions, which each practitioner may read and answer for by name.

const practitioners = ['practitioner any'] as const satisfies readonly Who[];

const may = (who: Who, purpose: Purpose, sets?: 'all'): Rule => ({ who: [who], sees: 'all', sets, purpose });
const byOffices = (...others: Rule[]): Rule[] => [
  may('practitioner any', 'treatment'),
  may('secretary any', 'practiceOperations'),
  may('admin any', 'systemAdministration'),
  ...others,
];
const writing: Rule[] = [may('practitioner any', 'treatment', 'all'), may('admin any', 'systemAdministration', 'all')];

export const resources: Resources = {
  alert: {
    about: 'that something measured of a patient is as a rule says, and who answered',
    properties: {
      all: [
        ...[
          'id',
          'version',
          'patientId',
          'ruleId',
          'ruleVersion',
          'priority',
          'status',
          'isActive',
          'startedAt',
          'since',
        ],
        ...['raisedAt', 'count', 'worst', 'clearedAt', 'retractedAt', 'acknowledgedAt', 'acknowledgedBy', 'ownerId'],
        ...['groupId', 'inhibitedBy', 'snoozedUntil'],
      ],
    },
    actions: {
      read: [{ who: ['practitioner care'], on: ['rest', 'list'], sees: 'all', purpose: 'treatment' }],
      answer: [may('practitioner care', 'treatment', 'all')],
    },
  },
  alertExplanation: {
    about: 'why an alert rang: the rule, the readings, what was missing, who was told when',
    properties: {
      all: [
        ...['alertId', 'patientId', 'ruleId', 'ruleVersion', 'document', 'author', 'startedAt', 'since', 'readingIds'],
        ...['missing', 'notes'],
      ],
    },
    actions: { read: [may('practitioner care', 'treatment')] },
  },
  alertCall: {
    about: 'whether somebody is still to be told of an alert, and nothing of its patient',
    properties: { all: ['alertId', 'generation', 'isCalling'] },
    actions: { read: [may('service any', 'practiceOperations')] },
  },
  alertChange: {
    about: 'that an alert has changed, whichever',
    properties: { all: ['alertId'] },
    actions: { follow: [may('practitioner care', 'treatment')] },
  },
  alertRule: {
    about: 'what is watched, of whom, and who is told',
    properties: {
      all: [
        ...['id', 'version', 'document', 'author', 'at', 'patientId', 'replaces', 'status', 'enabledVersion'],
        'createdAt',
      ],
    },
    actions: {
      read: [
        { who: ['patient self'], on: ['rest', 'list'], sees: 'all', purpose: 'patientRequest' },
        { who: practitioners, on: ['rest', 'list'], sees: 'all', purpose: 'treatment' },
        { who: ['admin any'], on: ['rest', 'list'], sees: 'all', purpose: 'systemAdministration' },
      ],
      write: writing,
      enable: writing,
    },
  },
  alertRuleVersion: {
    about: 'what a rule was, and by whom',
    properties: { all: ['version', 'document', 'author', 'at'] },
    actions: {
      read: [
        { who: practitioners, on: ['list'], sees: 'all', purpose: 'treatment' },
        { who: ['admin any'], on: ['list'], sees: 'all', purpose: 'systemAdministration' },
      ],
    },
  },
  backTest: {
    about: 'how often a rule would have rung, of whom, and who would have been called',
    properties: {
      all: [
        ...['from', 'until', 'days', 'patients', 'readings', 'alerts', 'alertsADay', 'alertsADayOfOne', 'atNight'],
        ...['longestMinutes', 'byPatient', 'called', 'late', 'questions'],
      ],
    },
    actions: {
      run: [{ who: practitioners, on: ['analytics'], sees: 'all', sets: 'all', purpose: 'treatment' }],
    },
  },
  gapTiming: {
    about: 'after which time without readings of a patient somebody is told, and who said so',
    properties: { all: ['ruleId', 'patientId', 'minutes', 'reason', 'author', 'at'] },
    actions: {
      read: [{ who: practitioners, on: ['list'], sees: 'all', purpose: 'treatment' }],
      write: [may('practitioner any', 'treatment', 'all')],
    },
  },
  alertSilence: {
    about: 'that alerts ring nobody until a time, and who said so',
    properties: {
      all: ['id', 'patientId', 'ruleId', 'upTo', 'from', 'until', 'reason', 'author', 'endedAt', 'endedBy'],
    },
    actions: {
      read: [{ who: practitioners, on: ['list'], sees: 'all', purpose: 'treatment' }],
      write: [may('practitioner any', 'treatment', 'all')],
    },
  },
  alertQuestion: {
    about: 'that something is wrong with a reading, which therefore rang nobody',
    properties: { all: ['id', 'patientId', 'code', 'doubt', 'readingIds', 'count', 'askedAt', 'lastAt'] },
    actions: {
      read: [{ who: ['practitioner care'], on: ['list'], sees: 'all', purpose: 'treatment' }],
      answer: [may('practitioner care', 'treatment', 'all')],
    },
  },
  alertSettings: {
    about: 'whether and how the practice watches',
    properties: {
      all: [
        'version',
        'isOn',
        'firstOnAt',
        'zone',
        'alertsADay',
        'blindAfterMinutes',
        'engine',
        'changedAt',
        'changedBy',
      ],
    },
    actions: { read: byOffices(), change: [may('admin any', 'systemAdministration', 'all')] },
  },
  alertHeartbeat: {
    about: 'whether readings come and are looked at',
    properties: { all: ['state', 'asOf', 'beats'] },
    actions: { read: byOffices(may('service any', 'practiceOperations')) },
  },
};
