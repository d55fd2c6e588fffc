import type { Purpose, Resources, Rule, Who } from '../vocabulary.js';

const account = ['id', 'version', 'email', 'active', 'roles', 'patientId', 'practitionerId', 'createdAt', 'updatedAt'];

const people: [who: Who, purpose: Purpose][] = [
  ['patient any', 'patientRequest'],
  ['practitioner any', 'practiceOperations'],
  ['secretary any', 'practiceOperations'],
  ['admin any', 'systemAdministration'],
];
/** Whose account it is, is said by their token: nobody can name another. */
const everybody = people.map(([who, purpose]): Rule => ({ who: [who], sees: 'all', purpose }));
/** Who must first add a second factor does nothing else, but may leave the screen. */
const alsoEnrolling: Rule[] = [...everybody, { who: ['enrolling any'], sees: 'all', purpose: 'practiceOperations' }];
const onList = (rules: Rule[]): Rule[] => rules.map((rule) => ({ ...rule, on: ['list'] }));
/** A secretary helps patients alone, as auth sees to. */
const desk: Rule = { who: ['secretary any', 'admin any'], sees: 'all', purpose: 'practiceOperations' };
const admin: Rule = { who: ['admin any'], sees: 'all', purpose: 'systemAdministration' };

export const resources: Resources = {
  user: {
    about: 'who signs in, as whom, in which roles',
    properties: { account, signIns: ['lastSignInAt', 'openSessions', 'passkeys', 'totp'] },
    actions: {
      read: [{ ...admin, on: ['rest', 'list', 'search'] }],
      create: [{ ...admin, sets: 'all' }],
      change: [{ ...admin, sets: 'all' }],
      endSessions: [admin],
      removeFactors: [admin],
    },
    notByClients: ['create', 'change', 'endSessions', 'removeFactors'],
  },
  staff: {
    about: 'which users work in the practice, and which patients and practitioners they are',
    properties: { all: ['userId', 'patientId', 'practitionerId'] },
    actions: { read: onList([{ who: ['service any'], sees: 'all', purpose: 'practiceOperations' }]) },
  },
  ownUser: {
    about: 'one’s own account',
    properties: { account },
    actions: { read: alsoEnrolling, setPassword: everybody },
    notByClients: ['setPassword'],
  },
  ownSession: {
    about: 'where one is signed in',
    properties: { session: ['id', 'device', 'createdAt', 'lastUsedAt', 'endsAt', 'current'] },
    actions: { read: onList(everybody), end: everybody, lock: alsoEnrolling },
    notByClients: ['end', 'lock'],
  },
  ownPasskey: {
    about: 'the passkeys one signs in by',
    properties: {
      passkey: ['id', 'name', 'synced', 'createdAt', 'lastUsedAt', 'counterFellAt'],
      ceremony: ['options'],
    },
    actions: { read: onList(alsoEnrolling), begin: alsoEnrolling, add: alsoEnrolling, remove: everybody },
    notByClients: ['begin', 'add', 'remove'],
  },
  ownSecondFactor: {
    about: 'an app that makes codes, and codes for when it is lost',
    properties: { factors: ['totp', 'recoveryCodes', 'passkeys'], secret: ['secret', 'uri'] },
    actions: {
      read: alsoEnrolling,
      begin: alsoEnrolling,
      confirm: alsoEnrolling,
      remove: everybody,
      makeRecoveryCodes: everybody,
    },
    notByClients: ['begin', 'confirm', 'remove', 'makeRecoveryCodes'],
  },
  code: {
    about: 'what lets somebody set their password, or become a user, once',
    properties: { code: ['id', 'code', 'expiresAt'], mail: ['email', 'purpose'] },
    actions: {
      make: [desk],
      mail: [{ who: ['service any'], sees: 'all', purpose: 'practiceOperations' }],
    },
    notByClients: ['make'],
  },
  invitation: {
    about: 'that somebody may become a user, until when',
    properties: {
      made: ['id', 'code', 'expiresAt'],
      terms: ['channel', 'email', 'roles', 'patientId', 'practitionerId', 'madeBy', 'createdAt'],
    },
    actions: { make: [desk], read: onList([desk]), withdraw: [desk] },
    notByClients: ['make', 'withdraw'],
  },
  registration: {
    about: 'that somebody registered themself as a patient, and waits for the practice to say which',
    properties: {
      told: ['id', 'familyName', 'givenNames', 'birthDate', 'email', 'phone', 'createdAt', 'expiresAt'],
      confirmed: ['userId', 'patientId'],
    },
    actions: { read: onList([desk]), confirm: [{ ...desk, sets: 'all' }], refuse: [desk] },
    notByClients: ['confirm', 'refuse'],
  },
  identityLink: {
    about: 'who has come by an issuer that the practice trusts, and who that is here',
    properties: {
      identity: ['id', 'issuerId', 'userId', 'confirmedAt', 'createdAt', 'lastShownAt'],
      told: [
        'familyName',
        'givenNames',
        'birthDate',
        'birthPlace',
        'birthCountry',
        'gender',
        'email',
        'professionalId',
      ],
    },
    actions: { read: onList([desk]), confirm: [{ ...desk, sets: 'all' }], remove: [desk] },
    notByClients: ['confirm', 'remove'],
  },
  delegation: {
    about: 'that somebody works for a practitioner, as secretary or locum, in what and until when',
    properties: {
      all: [
        ...['id', 'practitionerId', 'delegateId', 'delegateEmail', 'as', 'scopes', 'from', 'until'],
        ...['givenAt', 'givenBy'],
      ],
    },
    actions: {
      // Whose practice it is, is said by their token.
      give: [{ who: ['practitioner any'], sees: 'all', sets: 'all', purpose: 'practiceOperations' }],
      // Those that they gave or have; an admin all.
      read: onList([{ ...desk, who: ['practitioner any', 'secretary any', 'admin any'] }]),
      end: [{ ...desk, who: ['practitioner self', 'practitioner locum', 'secretary delegate', 'admin any'] }],
    },
    notByClients: ['give', 'end'],
  },
  delegate: {
    about: 'colleagues who could work for a practitioner',
    properties: { all: ['id', 'email', 'roles'] },
    actions: { read: onList([{ who: ['practitioner any'], sees: 'all', purpose: 'practiceOperations' }]) },
  },
  delegationRule: {
    about: 'for whom secretaries work without that anybody has named them',
    properties: { all: ['secretariesWorkFor', 'version'] },
    actions: {
      read: [{ ...desk, who: ['practitioner any', 'secretary any', 'admin any'] }],
      set: [{ ...admin, sets: 'all' }],
    },
    notByClients: ['set'],
  },
  delegationRuleVersion: {
    about: 'for whom secretaries worked, since when, and who set it',
    properties: { all: ['secretariesWorkFor', 'version', 'changedAt', 'changedBy'] },
    actions: { read: onList([admin]) },
  },
  auditHeads: {
    about: 'how far the audit trails of services go',
    properties: { all: ['head'] },
    actions: { exchange: [{ who: ['service any'], sees: 'all', purpose: 'practiceOperations' }] },
  },
};
