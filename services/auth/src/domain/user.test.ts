import { describe, expect, it } from 'vitest';
import { assertRolesAndLinks, normaliseEmail, type PersonRole } from './user.js';

const problemsOf = (user: { roles: PersonRole[]; patientId?: string; practitionerId?: string }) => {
  try {
    assertRolesAndLinks(user);
    return [];
  } catch (error) {
    return (error as { fields: { path: string; code: string }[] }).fields.map(({ path, code }) => `${path} ${code}`);
  }
};

describe('roles and links of a user', () => {
  it.each([
    [{ roles: [] }, ['roles REQUIRED']],
    [{ roles: ['admin', 'admin'] as PersonRole[] }, ['roles DUPLICATE']],
    [{ roles: ['secretary'] as PersonRole[], patientId: 'p' }, ['patientId ROLE_MISSING']],
    [{ roles: ['patient'] as PersonRole[], practitionerId: 'p' }, ['practitionerId ROLE_MISSING']],
  ])('are refused: %j', (user, problems) => expect(problemsOf(user)).toEqual(problems));

  it.each([
    { roles: ['patient'] as PersonRole[] },
    { roles: ['practitioner', 'patient'] as PersonRole[], patientId: 'p', practitionerId: 'q' },
  ])('are taken: %j', (user) => expect(problemsOf(user)).toEqual([]));
});

describe('the name somebody signs in with', () => {
  it('is one for all spellings of an address', () =>
    expect(new Set([' Zo\u00eb@Cabinet.test', 'zoe\u0308@cabinet.TEST'].map(normaliseEmail)).size).toBe(1));
});
