import { hasRole, type Principal } from '@cabinet/kit/access/principal';
import { NotYours } from './errors.js';
import type { DetailName } from './practitioner.js';

/** What practitioners arrange by themselves; the rest is for the practice. */
const ownFields: ReadonlySet<string> = new Set<DetailName>(['places', 'appointmentTypes', 'telecom']);

/** @throws NotYours (403) naming the fields, if it is a matter of fields */
export function assertMayChange(actor: Principal, practitionerId: string, fields: string[]): void {
  if (hasRole(actor, 'secretary', 'admin')) return;
  const isOwn = hasRole(actor, 'practitioner') && actor.practitionerId === practitionerId;
  if (!isOwn) throw new NotYours();
  const refused = fields.filter((field) => !ownFields.has(field));
  if (refused.length > 0) throw new NotYours(refused);
}
