import type { I18n } from '@lingui/core';
import type { AuditSearch } from '../api/audit.ts';
import type { User } from '../api/types.ts';
import { idsOf } from '../api/users.ts';
import { usualDeeds } from './deeds.ts';

/** What may be an address; of other words, some are names of services. */
export const isAddress = (word: string): boolean => word.includes('@');

/** Who signs in by an address. */
export const personCalled = (people: readonly User[], word: string): User | undefined =>
  people.find(({ email }) => email.toLowerCase() === word.trim().toLowerCase());

/** What was typed, as the trails know it: a person by all ids that they have, what was done by its name. */
export function questionOf(typed: AuditSearch, people: readonly User[], i18n: I18n): AuditSearch {
  const deed = typed.action.trim().toLowerCase();
  const [named] = Object.entries(usualDeeds).find(([, says]) => i18n._(says).toLowerCase() === deed) ?? [];
  const subject = personCalled(people, typed.subject);
  return {
    ...typed,
    subject: subject ? idsOf(subject).join(',') : typed.subject.trim(),
    // What is done is done by the user.
    actor: personCalled(people, typed.actor)?.id ?? typed.actor.trim(),
    action: named ?? typed.action.trim(),
  };
}
