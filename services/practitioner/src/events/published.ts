import { fact } from '@cabinet/contracts';
import type { Happening } from '../domain/ports.js';
import type { Practitioner } from '../domain/practitioner.js';

/** What the practice hears when something happens to a practitioner: ids and names of fields. */
export function toFact({ id, version }: Practitioner, happening: Happening) {
  const data = { practitionerId: id, version };
  switch (happening.kind) {
    case 'joined':
      return fact('practitioner.joined', id, data);
    case 'updated':
      return fact('practitioner.updated', id, { ...data, changed: happening.changed });
    case 'left':
      return fact('practitioner.left', id, data);
    default:
      return happening satisfies never;
  }
}
