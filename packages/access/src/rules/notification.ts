import type { Groups, Purpose, Resources, Rule, Who } from '../vocabulary.js';

// About their own visits somebody is the patient, whatever else they are in the practice. Who acts for a patient in appointments has
// what is written of these, but for what a minor keeps from guardians.

type Party = [who: Who, purpose: Purpose];
const family: Party[] = [
  ['patient guardian', 'familyRequest'],
  ['patient carer', 'familyRequest'],
];
const theirs: Party[] = [['patient self', 'patientRequest'], ...family];
const staff: Party[] = [
  ['practitioner other', 'treatment'],
  ['secretary other', 'patientAdministration'],
];
// Lines say who comes when and to whom: as visits of all agendas, they are for those who work for every practitioner.
const readsAll: Party[] = [['secretary delegate', 'patientAdministration']];
const offices: Party[] = [
  ['secretary any', 'practiceOperations'],
  ['admin any', 'systemAdministration'],
];
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
};
