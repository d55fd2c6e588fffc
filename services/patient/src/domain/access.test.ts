import type { Principal, Role } from '@cabinet/kit/access/principal';
import { describe, expect, it } from 'vitest';
import { assertAnother, assertMayChange, assertMaySee } from './access.js';

const own = '019a8f3e-6f2b-7c55-9b1c-3f1b8f5f2d11';
const other = '019a8f3e-6f2b-7c55-9b1c-3f1b8f5f2d12';
const actor = (...roles: Role[]): Principal => ({ id: 'u', roles, patientId: own });

function isAllowed(check: () => void): boolean {
  try {
    check();
    return true;
  } catch {
    return false;
  }
}

// role, sees own, sees another, changes own telecom, changes own name, changes the name of another
const table: [Role[], boolean, boolean, boolean, boolean, boolean][] = [
  [['patient'], true, false, true, false, false],
  [['secretary'], true, true, true, true, true],
  [['admin'], true, true, true, true, true],
  [['practitioner'], true, true, true, true, true],
  [['patient', 'practitioner'], true, true, true, false, true],
  [['patient', 'secretary'], true, true, true, false, true],
  [['patient', 'admin'], true, true, true, false, true],
  [['patient', 'service'], true, true, true, false, false],
  [['service'], true, true, true, false, false],
  [[], false, false, false, false, false],
];

describe('access to patients', () => {
  it.each(table)('%j', (roles, ...wanted) => {
    const who = actor(...roles);
    expect([
      isAllowed(() => assertMaySee(who, own)),
      isAllowed(() => assertMaySee(who, other)),
      isAllowed(() => assertMayChange(who, own, ['telecom'])),
      isAllowed(() => assertMayChange(who, own, ['telecom', 'familyName'])),
      isAllowed(() => assertMayChange(who, other, ['familyName'])),
    ]).toEqual(wanted);
  });

  it('lets nobody merge, replace or erase themselves, whatever else they are', () => {
    expect(isAllowed(() => assertAnother(actor('secretary'), own, other))).toBe(true);
    expect(isAllowed(() => assertAnother(actor('patient', 'admin'), other))).toBe(true);
    expect(isAllowed(() => assertAnother(actor('patient', 'admin'), other, own))).toBe(false);
  });
});
