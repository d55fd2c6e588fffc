import { ask } from '@cabinet/access/ask';
import type { Relation } from '@cabinet/access/vocabulary';
import { hasRole, type Principal } from '@cabinet/kit/access/principal';
import { NotYours } from './errors.js';

const own: readonly Relation[] = ['self'];
const anothers: readonly Relation[] = ['other'];

/** @throws NotYours (403) naming the fields, if it is a matter of fields */
export function assertMayChange(actor: Principal, practitionerId: string, fields: string[]): void {
  const isOwn = hasRole(actor, 'practitioner') && actor.practitionerId === practitionerId;
  const { allowed, sets } = ask(actor, isOwn ? own : anothers);
  if (!allowed) throw new NotYours();
  const refused = fields.filter((field) => !sets.has(field));
  if (refused.length > 0) throw new NotYours(refused);
}
