import type { Channel, Groups, Purpose, Resources, Rule, Who } from '../vocabulary.js';

// People act as what they are to an appointment: its practitioner (`agenda`), its patient (`self`), a secretary to whom its practitioner
// or the practice delegated it (`delegate`), who stands in for its practitioner (`locum`).
// Whoever is the patient is nothing else in an agenda of others, a secretary neither; nor is who acts for the patient: the guardian of a
// minor, the carer of an adult. What a minor keeps from guardians those do not see, nor that anything can be kept. Why somebody comes, why a visit was cancelled or
// forced, may be medical: the patient and the practitioner read it, guardians as long as the record is open to them (`reader`), and who
// wrote it (`author`).

type Party = [who: Who, sees: Groups, purpose: Purpose];
const toRead = (on: Channel[], parties: Party[]): Rule[] =>
  parties.map(([who, sees, purpose]) => ({ who: [who], on, sees, purpose }));
const toDo = (parties: Party[]): Rule[] => toRead(['rest'], parties).map((rule) => ({ ...rule, sets: 'all' }));

const family = (guardian: Groups, carer: Groups, desk: Groups): Party[] => [
  ['patient guardian', guardian, 'familyRequest'],
  ['patient carer', carer, 'familyRequest'],
  ['secretary guardian', desk, 'familyRequest'],
  ['secretary carer', desk, 'familyRequest'],
];
/** What who acts for a patient does as the patient does, all but keeping things from guardians. */
const toDoAsFamily = (parties: Party[], sets: Groups): Rule[] => toDo(parties).map((rule) => ({ ...rule, sets }));

const visit = [
  ...['id', 'version', 'status', 'patientId', 'practitionerId', 'appointmentTypeId', 'placeId', 'start', 'end', 'zone'],
  ...['mode', 'videoLink', 'heldUntil', 'seriesId', 'occurrence', 'arrivedAt', 'cancellation', 'corrections'],
  ...['acceptedAt', 'delay'],
  'createdAt',
];

const partsSeen: Party[] = [
  ['patient self', ['visit', 'reason', 'kept'], 'patientRequest'],
  ['practitioner agenda', 'all', 'treatment'],
  ['practitioner locum', 'all', 'treatment'],
  ['secretary delegate', ['visit', 'desk', 'kept'], 'patientAdministration'],
  ['secretary self', ['visit', 'kept'], 'patientRequest'],
  ['secretary author', ['visit', 'reason'], 'patientAdministration'],
];
// A carer may have been chosen for appointments alone: what is medical in them is for others, but for their own words.
const familySees: Party[] = [
  ...family(['visit'], ['visit'], ['visit']),
  ['patient reader', ['visit', 'reason'], 'familyRequest'],
];
const familyWrote: Party[] = [['patient author', ['visit', 'reason'], 'familyRequest']];
// Who tells people of visits has to know what guardians are not told.
const forServices: Party[] = [['service any', ['visit', 'desk', 'kept'], 'practiceOperations']];
const parties = partsSeen.filter(([who]) => !who.endsWith('author'));
const forTheDesk = parties.filter(([who]) => !who.endsWith('self'));

/** What stands around appointments and shows no more of them than they do. */
const around = (groups: Groups): Party[] => [
  ['patient self', groups, 'patientRequest'],
  ['practitioner agenda', groups, 'treatment'],
  ['practitioner locum', groups, 'treatment'],
  ['secretary delegate', groups, 'patientAdministration'],
  ['secretary self', groups, 'patientRequest'],
];
const familyAround = family(['all'], ['all'], ['all']);

const entrySeen: Party[] = [
  ['patient self', ['entry', 'reason', 'kept'], 'patientRequest'],
  ['practitioner agenda', 'all', 'treatment'],
  ['practitioner locum', 'all', 'treatment'],
  ['secretary delegate', ['entry', 'desk', 'kept'], 'patientAdministration'],
  ['secretary self', ['entry', 'kept'], 'patientRequest'],
  ['secretary author', ['entry', 'reason'], 'patientAdministration'],
];
const entryFamilySees: Party[] = [
  ...family(['entry'], ['entry'], ['entry']),
  ['patient reader', ['entry', 'reason'], 'familyRequest'],
];
const entryFamilyWrote: Party[] = [['patient author', ['entry', 'reason'], 'familyRequest']];

const waitingParties = entrySeen.filter(([who]) => !who.endsWith('author'));

const offices: Party[] = [
  ['secretary any', 'all', 'practiceOperations'],
  ['admin any', 'all', 'systemAdministration'],
];

/** Of agendas and what is set for them. */
const keepers: Party[] = [
  ['practitioner agenda', 'all', 'practiceOperations'],
  ['secretary delegate', 'all', 'practiceOperations'],
];
/** What goes on by itself: not for who may work for a practitioner until that ends, but for secretaries of all (`other`). */
const lastingKeepers: Party[] = [
  ['practitioner agenda', 'all', 'practiceOperations'],
  ['secretary other', 'all', 'practiceOperations'],
];
const byAdmins: Party = ['admin any', 'all', 'systemAdministration'];
const withAdmins: Party[] = [...keepers, byAdmins];
const lastingWithAdmins: Party[] = [...lastingKeepers, byAdmins];
const everybody: Party[] = [
  ['patient any', 'all', 'patientRequest'],
  ['practitioner any', 'all', 'treatment'],
  ['secretary any', 'all', 'practiceOperations'],
  ['service any', 'all', 'practiceOperations'],
];

export const resources: Resources = {
  appointment: {
    about: 'when a patient comes to whom, and why',
    properties: {
      visit,
      desk: ['overbooking', 'calendarCheck'],
      reason: ['reason'],
      kept: ['keptFromGuardians'],
    },
    actions: {
      read: [...toRead(['rest', 'list', 'calendar'], [...partsSeen, ...familySees, ...familyWrote, ...forServices])],
      book: [...toDo(parties), ...toDoAsFamily(familySees, ['visit', 'reason'])],
      overbook: toDo(forTheDesk),
      change: [...toDo(parties), ...toDoAsFamily(familySees, ['visit', 'reason'])],
      record: toDo(forTheDesk),
      // From guardians, or from them no longer.
      keep: toDo(parties),
    },
    refusedListsUnseenByGuardians: true,
  },
  visitAnswer: {
    about: 'what a patient, or who acts for them, says of a visit by a link in a message, and what they may say',
    properties: {
      all: [
        'id',
        'version',
        'status',
        'start',
        'zone',
        'cancelUntil',
        'moveUntil',
        'lateFrom',
        'otherTimes',
        'acceptedAt',
      ],
    },
    actions: {
      read: toRead(['rest'], [['service any', 'all', 'practiceOperations']]),
      give: toDo([['service any', 'all', 'practiceOperations']]),
    },
  },
  series: {
    about: 'appointments that were booked together',
    properties: {
      all: ['id', 'rule', 'exceptDates', 'startsAt', 'zone', 'appointments', 'impossible'],
      kept: ['keptFromGuardians'],
    },
    actions: {
      read: toRead(['rest'], [...around('all'), ...familyAround, ['service any', ['all'], 'practiceOperations']]),
      book: [...toDo(around('all')), ...toDoAsFamily(familyAround, ['all'])],
      change: [...toDo(around('all')), ...toDoAsFamily(familyAround, ['all'])],
      keep: toDo(around('all')),
    },
  },
  careRelation: {
    about: 'whether a practitioner treats a patient: for services that keep what only those may read',
    properties: { all: ['patientId', 'practitionerId', 'exists', 'keptFromGuardians'] },
    actions: { read: toRead(['rest'], [['service any', 'all', 'practiceOperations']]) },
  },
  appointmentImport: {
    about: 'a file of appointments that are taken over',
    properties: { report: ['dryRun', 'lines', 'refused', 'warnings', 'refusedCsv'] },
    actions: { run: toRead(['rest'], [['admin any', 'all', 'systemAdministration']]) },
  },
  waiting: {
    about: 'who waits for a free time, and for what',
    properties: {
      entry: [
        ...['id', 'version', 'status', 'patientId', 'wants', 'fromDate', 'untilDate', 'times', 'noticeMinutes'],
        ...['priority', 'lapses', 'replaces', 'ended', 'offers', 'createdAt'],
      ],
      desk: ['passedOver'],
      reason: ['reason'],
      kept: ['keptFromGuardians'],
    },
    actions: {
      read: [
        ...toRead(['rest', 'list'], [...entrySeen, ...entryFamilySees, ...entryFamilyWrote]),
        ...toRead(['rest', 'list'], [['service any', ['entry', 'desk'], 'practiceOperations']]),
      ],
      join: [...toDo(waitingParties), ...toDoAsFamily(entryFamilySees, ['entry', 'reason'])],
      change: [...toDo(waitingParties), ...toDoAsFamily(entryFamilySees, ['entry', 'reason'])],
      keep: toDo(waitingParties),
    },
    refusedListsUnseenByGuardians: true,
  },
  slot: {
    about: 'when somebody is free',
    properties: {
      all: ['start', 'end', 'zone', 'practitionerId', 'placeId', 'appointmentTypeId', 'seatsLeft', 'doubt'],
    },
    actions: { read: toRead(['search'], everybody) },
  },
  slotExplanation: {
    about: 'why a time is not free, by codes that name nobody',
    properties: {
      all: ['start', 'zone', 'practitionerId', 'appointmentTypeId', 'isOffered', 'reasons', 'nextFreeSlots'],
    },
    actions: { read: toRead(['rest'], everybody) },
  },
  schedule: {
    about: 'when somebody works',
    properties: {
      all: ['practitionerId', 'version', 'hours', 'exceptions', 'extraOpenings', 'absences', 'holidays', 'rules'],
    },
    actions: {
      read: toRead(['rest'], [...everybody, ['admin any', 'all', 'systemAdministration']]),
      set: toDo(withAdmins),
    },
  },
  scheduleVersion: {
    about: 'what was set of when somebody works, when and by whom',
    properties: {
      all: [
        ...['practitionerId', 'version', 'hours', 'exceptions', 'extraOpenings', 'absences', 'holidays', 'rules'],
        ...['changedAt', 'changedBy'],
      ],
    },
    actions: { read: toRead(['list'], withAdmins) },
  },
  agendaChange: {
    about: 'that something in an agenda has changed, and between which times; never what',
    properties: { all: ['practitionerId', 'from', 'until'] },
    actions: { follow: toRead(['rest'], keepers) },
  },
  absence: {
    about: 'that somebody is away, and what becomes of the visits that it touches',
    properties: { all: ['token', 'touched', 'appointments', 'scheduleVersion'] },
    actions: { preview: toDo(keepers), make: toDo(keepers) },
  },
  resource: {
    about: 'rooms and devices that visits take',
    properties: { all: ['id', 'version', 'placeId', 'kind', 'name', 'active'] },
    actions: {
      read: toRead(
        ['rest', 'list'],
        [
          ['practitioner any', 'all', 'practiceOperations'],
          ['secretary any', 'all', 'practiceOperations'],
          ['admin any', 'all', 'systemAdministration'],
        ],
      ),
      add: toDo(offices),
      change: toDo(offices),
    },
  },
  calendar: {
    about: 'a calendar elsewhere that is read, and written to',
    properties: {
      all: [
        ...['id', 'version', 'practitionerId', 'kind', 'name', 'zone', 'policy', 'writes', 'showsPatients', 'host'],
        ...['state', 'since', 'syncedAt', 'failure', 'problems', 'unwritten'],
      ],
    },
    actions: {
      read: toRead(['rest', 'list'], withAdmins),
      connect: toDo(lastingWithAdmins),
      change: toDo(lastingWithAdmins),
      remove: toDo(lastingWithAdmins),
      // To have visits written there.
      show: toDo(lastingKeepers),
    },
    // What is written there, or read at an address, is so after the client has gone.
    notByClients: ['connect', 'change', 'show'],
  },
  calendarSignIn: {
    about: 'where somebody goes to allow that their calendar is read',
    properties: { all: ['url'] },
    actions: { begin: toDo(lastingWithAdmins) },
    notByClients: ['begin'],
  },
  foundCalendar: {
    about: 'the calendars that a server has for somebody',
    properties: { all: ['url', 'name', 'isWritable'] },
    actions: { read: toRead(['list'], lastingWithAdmins) },
  },
  calendarConflict: {
    about: 'visits at a time that a calendar elsewhere has taken',
    properties: { all: ['appointmentId', 'calendarId', 'start', 'end', 'busyFrom', 'busyUntil', 'patientId'] },
    actions: { read: toRead(['list'], keepers) },
  },
  calendarFeed: {
    about: 'the private address at which other programs read an agenda',
    properties: { all: ['url'] },
    actions: { give: toDo(lastingKeepers), end: toDo(lastingWithAdmins) },
    notByClients: ['give'],
  },
};
