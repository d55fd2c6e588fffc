import { ask } from '@cabinet/access/ask';
import type { Decision, Question } from '@cabinet/access/policy';
import type { Principal } from '@cabinet/kit/access/principal';
import { noteReason } from '@cabinet/service/audit/subjects';
import { type Capacity, capacityOf, type Facing, relationToAgenda } from './capacity.js';

/** Says in the trail for whom somebody acts in a capacity, where that is for another person. */
export function noteForWhom(capacity: Capacity | undefined, { patientId, practitionerId }: Facing): void {
  if (capacity === 'guardian' || capacity === 'carer') noteReason({ onBehalfOf: patientId });
  else if (capacity === 'secretary' || capacity === 'locum') noteReason({ onBehalfOf: practitionerId });
}

/** Asks the table about what belongs to an agenda and to no patient; the trail says for whom it is, as of an appointment. */
export function askAboutAgenda(actor: Principal, practitionerId: string, question?: Question): Decision {
  noteForWhom(capacityOf(actor, { practitionerId }), { practitionerId });
  return ask(actor, relationToAgenda(actor, practitionerId), question);
}
