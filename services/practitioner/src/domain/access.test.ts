import { RequestAccess } from '@cabinet/access/ask';
import type { Question } from '@cabinet/access/policy';
import { policy } from '@cabinet/access/table';
import type { Principal, Role } from '@cabinet/kit/access/principal';
import { runInContext } from '@cabinet/kit/http/request-context';
import { describe, expect, it } from 'vitest';
import { assertMayChange } from './access.js';
import { NotYours } from './errors.js';

const own = '019a8f3e-1111-7c55-9b1c-3f1b8f5f2d11';
const other = '019a8f3e-1111-7c55-9b1c-3f1b8f5f2d12';

const change = policy.find({ resource: 'practitioner', action: 'change', channel: 'rest' }) as Question;
const ofChange = <T>(work: () => T): T => runInContext({ requestId: 'r', access: new RequestAccess(change) }, work);

function mayChange(roles: Role[], id: string, fields: string[], practitionerId: string | undefined = own): boolean {
  const actor: Principal = { id: 'u', roles, practitionerId };
  try {
    ofChange(() => assertMayChange(actor, id, fields));
    return true;
  } catch {
    return false;
  }
}

// role, own places, own name, places of another
const table: [Role[], boolean, boolean, boolean][] = [
  [['admin'], true, true, true],
  [['secretary'], true, true, true],
  [['practitioner'], true, false, false],
  [['practitioner', 'secretary'], true, true, true],
  [['patient'], false, false, false],
  [['service'], false, false, false],
];

describe('changes to practitioners', () => {
  it.each(table)('%j', (roles, ...wanted) => {
    expect([
      mayChange(roles, own, ['places', 'appointmentTypes', 'telecom']),
      mayChange(roles, own, ['familyName']),
      mayChange(roles, other, ['places']),
    ]).toEqual(wanted);
  });

  it('are not for a practitioner whose token names none', () => {
    const actor: Principal = { id: 'u', roles: ['practitioner'] };
    expect(() => ofChange(() => assertMayChange(actor, own, ['places']))).toThrow(NotYours);
  });
});
