import type { I18n } from '@lingui/core';
import type { AuditSearch } from '../api/audit.ts';
import type { KnownPerson } from '../api/users.ts';
import { usualDeeds } from './deeds.ts';

const uuid = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

export const isId = (word: string): boolean => uuid.test(word.trim());

/** Who signs in by an address. */
export const personCalled = (people: readonly KnownPerson[], word: string): KnownPerson | undefined =>
  people.find(({ email }) => email.toLowerCase() === word.trim().toLowerCase());

/** What was typed, as the trails know it: a person by all ids that they have, what was done by its name. */
export function questionOf(typed: AuditSearch, people: readonly KnownPerson[], i18n: I18n): AuditSearch {
  const deed = typed.action.trim().toLowerCase();
  const [named] = Object.entries(usualDeeds).find(([, says]) => i18n._(says).toLowerCase() === deed) ?? [];
  return {
    ...typed,
    subject: personCalled(people, typed.subject)?.ids.join(',') ?? typed.subject.trim(),
    // What is done is done by the user.
    actor: personCalled(people, typed.actor)?.ids[0] ?? typed.actor.trim(),
    action: named ?? typed.action.trim(),
  };
}
