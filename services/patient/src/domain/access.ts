import { hasRole, type Principal } from '@cabinet/kit';
import { NotYourData, NotYourField } from './errors.js';
import type { DetailName } from './patient.js';

const isStaff = (actor: Principal): boolean => hasRole(actor, 'secretary', 'admin', 'practitioner');

/**
 * Staff and services see every patient, a patient only themselves.
 * @throws NotYourData (403), the same whether there is such a patient or not
 */
export function assertMaySee(actor: Principal, patientId: string): void {
  if (isStaff(actor) || hasRole(actor, 'service')) return;
  const isOwn = hasRole(actor, 'patient') && actor.patientId?.toLowerCase() === patientId.toLowerCase();
  if (!isOwn) throw new NotYourData();
}

/** What patients keep up to date by themselves; who they are is for the practice to check. */
const ownFields: ReadonlySet<string> = new Set<DetailName>(['telecom', 'address', 'contacts']);

/** @throws NotYourData, NotYourField (403) naming the fields that only staff changes */
export function assertMayChange(actor: Principal, patientId: string, fields: string[]): void {
  assertMaySee(actor, patientId);
  if (isStaff(actor)) return;
  const refused = fields.filter((field) => !ownFields.has(field));
  if (refused.length > 0) throw new NotYourField(refused);
}
