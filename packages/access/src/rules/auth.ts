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
const admin: Rule = { who: ['admin any'], sees: 'all', purpose: 'systemAdministration' };

export const resources: Resources = {
  user: {
    about: 'who signs in, as whom, in which roles',
    properties: { account },
    actions: {
      read: [{ ...admin, on: ['rest', 'list'] }],
      create: [{ ...admin, sets: 'all' }],
      change: [{ ...admin, sets: 'all' }],
    },
  },
  ownUser: {
    about: 'one’s own account',
    properties: { account },
    actions: { read: everybody, setPassword: everybody },
  },
  auditHeads: {
    about: 'how far the audit trails of services go',
    properties: { all: ['head'] },
    actions: { exchange: [{ who: ['service any'], sees: 'all', purpose: 'practiceOperations' }] },
  },
};
