import type { NavigateOptions } from '@tanstack/react-router';
import type { Person, Role } from '../session/person.ts';

const beginnings = { secretary: '/agendas', practitioner: '/today', admin: '/users' } as const;

/** Where somebody begins in a role; nothing while they have something to do, or to hear, before. */
export function beginningOf({ mustEnrol, patientId }: Person, hat: Role | undefined): NavigateOptions | undefined {
  if (mustEnrol || !hat) return undefined;
  if (hat !== 'patient') return { to: beginnings[hat] };
  return patientId ? { to: '/patients/$patientId/appointments', params: { patientId } } : undefined;
}
