import { hasRole, type Principal } from '@cabinet/kit/access/principal';
import { NotYourData, NotYourField } from './errors.js';
import type { DetailName } from './patient.js';

const isStaff = (actor: Principal): boolean => hasRole(actor, 'secretary', 'admin', 'practitioner');

/** Of their own data somebody is the patient, whatever else they are in the practice. */
const isOwn = (actor: Principal, patientId: string): boolean =>
  hasRole(actor, 'patient') && actor.patientId === patientId;

/**
 * Staff and services see every patient, a patient only themselves.
 * @throws NotYourData (403), the same whether there is such a patient or not
 */
export function assertMaySee(actor: Principal, patientId: string): void {
  if (isStaff(actor) || hasRole(actor, 'service') || isOwn(actor, patientId)) return;
  throw new NotYourData();
}

/** What patients keep up to date by themselves; who they are is for the practice to check. */
const ownFields: ReadonlySet<string> = new Set<DetailName>(['telecom', 'address', 'contacts']);

/** @throws NotYourData, NotYourField (403) naming the fields that others of the staff change */
export function assertMayChange(actor: Principal, patientId: string, fields: string[]): void {
  assertMaySee(actor, patientId);
  if (isStaff(actor) && !isOwn(actor, patientId)) return;
  const refused = fields.filter((field) => !ownFields.has(field));
  if (refused.length > 0) throw new NotYourField(refused);
}

/**
 * For what is never done to one's own data: who checks who somebody is, is somebody else.
 * @throws NotYourField (403)
 */
export function assertAnother(actor: Principal, ...patientIds: string[]): void {
  if (patientIds.some((id) => isOwn(actor, id))) throw new NotYourField([]);
}
