import type { Groups, Purpose, Resources, Rule, Who } from '../vocabulary.js';

// About their own visits somebody is the patient, whatever else they are in the practice. Who acts for a patient in appointments has
// what is written of these, but for what a minor keeps from guardians.

type Party = [who: Who, purpose: Purpose];
const family: Party[] = [
  ['patient guardian', 'familyRequest'],
  ['patient carer', 'familyRequest'],
];
const themselves: Party[] = [['patient self', 'patientRequest']];
const theirs: Party[] = [...themselves, ...family];
const staff: Party[] = [
  ['practitioner other', 'treatment'],
  ['secretary other', 'patientAdministration'],
];
// Lines say who comes when and to whom: as visits of all agendas, they are for those who work for every practitioner.
const readsAll: Party[] = [['secretary delegate', 'patientAdministration']];
const secretaries: Party[] = [['secretary any', 'patientAdministration']];
const admins: Party[] = [['admin any', 'systemAdministration']];
const offices: Party[] = [['secretary any', 'practiceOperations'], ...admins];
const readers: Party[] = [['practitioner any', 'practiceOperations'], ...offices];
const may = (parties: Party[], more: Partial<Rule> = {}): Rule[] =>
  parties.map(([who, purpose]) => ({ who: [who], sees: 'all' as Groups, purpose, ...more }));

export const resources: Resources = {
  notification: {
    about: 'what was decided of a message: to whom, of what, by which channel and when it leaves, or why it does not',
    properties: {
      all: [
        ...[
          'id',
          'version',
          'occasion',
          'occasionId',
          'occasionVersion',
          'recipientId',
          'audience',
          'patientId',
          'kind',
        ],
        ...[
          'step',
          'channel',
          'appointmentId',
          'startsAt',
          'dueAt',
          'nextAt',
          'expiresAt',
          'decidedAt',
          'sentAt',
          'state',
        ],
        ...['reason', 'hold', 'failure', 'attempts', 'provider', 'providerId', 'parts', 'cost', 'template'],
        ...['templateVersion', 'language', 'askedBy', 'resendOf', 'covers', 'mayHaveLeftTwice', 'content'],
      ],
    },
    actions: {
      read: [...may(theirs, { on: ['rest', 'list', 'message'] }), ...may(readsAll, { on: ['rest', 'list'] })],
      ask: [...may(staff), ...may([['service any', 'practiceOperations']])],
      resend: may(readsAll),
    },
    unseenByGuardians: ['practitioner'],
  },
  notificationFigures: {
    about:
      'how many messages left on a day, by which channel, and why others did not; of whom they were is in none of it',
    properties: { all: ['zone', 'items', 'overdue', 'day', 'channel', 'state', 'why', 'count', 'since'] },
    actions: { read: may(readers, { on: ['list'] }) },
  },
  notificationPolicy: {
    about: 'which messages leave when, in versions',
    properties: { all: ['version', 'policy', 'setBy', 'setAt', 'zone', 'messages'] },
    actions: {
      read: may(readers, { on: ['rest', 'list'] }),
      preview: may(readers),
      set: may(offices, { sets: 'all' }),
    },
  },
  notificationTemplate: {
    about: 'what messages say, in versions',
    properties: {
      all: [
        ...['name', 'language', 'version', 'subject', 'text', 'short', 'html', 'variables', 'file', 'versions', 'nth'],
        ...['setBy', 'setAt'],
      ],
    },
    actions: {
      read: may(readers, { on: ['rest', 'list'] }),
      preview: may(readers),
      set: may(offices, { sets: 'all' }),
    },
  },
  notificationPreference: {
    about: 'which messages a patient does not want, by which channel, and in which language they read',
    properties: { all: ['patientId', 'version', 'language', 'unwanted'] },
    actions: {
      read: may([...theirs, ...staff]),
      set: may([...theirs, ['secretary other', 'patientAdministration']], { sets: 'all' }),
    },
    unseenByGuardians: ['practitioner'],
  },
  pushSubscription: {
    about: 'a browser by which a patient is told that there is something to read',
    properties: { all: ['id', 'service', 'fingerprint', 'createdAt', 'publicKey'] },
    actions: {
      read: may(themselves, { on: ['list'] }),
      subscribe: may(themselves, { sets: 'all' }),
      end: may(themselves),
    },
  },
  unreachableAddress: {
    about:
      'an address of a patient that is of no use by now, without the address: by which channel, why and since when',
    properties: { all: ['id', 'patientId', 'channel', 'why', 'text', 'since', 'notificationId'] },
    actions: { read: may(secretaries, { on: ['list'] }), clear: may(secretaries) },
  },
  webhook: {
    about: 'a program of others that is told what happens, and how what it is told is signed',
    properties: {
      all: [
        ...['id', 'name', 'url', 'types', 'signedBy', 'keys', 'publicKey', 'secret', 'createdBy', 'createdAt'],
        ...['disabledAt', 'disabledWhy'],
      ],
    },
    actions: {
      read: may(admins, { on: ['rest', 'list'] }),
      create: may(admins, { sets: 'all' }),
      rotate: may(admins),
      enable: may(admins),
      remove: may(admins),
    },
    notByClients: ['create', 'rotate'],
  },
  webhookDelivery: {
    about: 'what a webhook was told, with each attempt and what came of it; never what was in it',
    properties: { all: ['id', 'type', 'state', 'createdAt', 'nextAt', 'attempts'] },
    actions: { read: may(admins, { on: ['list'] }), replay: may(admins) },
  },
  receiptAddress: {
    about: 'where a provider tells what became of messages; whoever has it can make such receipts',
    properties: { all: ['provider', 'url'] },
    actions: { read: may(admins, { on: ['list'] }) },
    notByClients: ['read'],
  },
};
