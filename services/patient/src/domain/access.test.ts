import { RequestAccess } from '@cabinet/access/ask';
import type { Question } from '@cabinet/access/policy';
import { policy } from '@cabinet/access/table';
import type { Principal, Role } from '@cabinet/kit/access/principal';
import { runInContext } from '@cabinet/kit/http/request-context';
import { describe, expect, it } from 'vitest';
import { assertMay } from './access.js';

const own = '019a8f3e-6f2b-7c55-9b1c-3f1b8f5f2d11';
const other = '019a8f3e-6f2b-7c55-9b1c-3f1b8f5f2d12';
const actor = (...roles: Role[]): Principal => ({ id: 'u', roles, patientId: own });

function may(action: string, who: Principal, ids: string[], fields?: string[]): boolean {
  const question = policy.find({ resource: 'patient', action, channel: 'rest' }) as Question;
  try {
    runInContext({ requestId: 'r', access: new RequestAccess(question) }, () => assertMay(who, ids, fields));
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
  [['service'], true, true, false, false, false],
  [[], false, false, false, false, false],
];

describe('access to patients', () => {
  it.each(table)('%j', (roles, ...wanted) => {
    const who = actor(...roles);
    expect([
      may('read', who, [own]),
      may('read', who, [other]),
      may('change', who, [own], ['telecom']),
      may('change', who, [own], ['telecom', 'familyName']),
      may('change', who, [other], ['familyName']),
    ]).toEqual(wanted);
  });

  it.each(['merge', 'replace', 'erase', 'deactivate'])(
    'lets nobody %s themselves, whatever else they are',
    (action) => {
      expect(may(action, actor('admin'), [own, other])).toBe(true);
      expect(may(action, actor('patient', 'admin'), [other])).toBe(true);
      expect(may(action, actor('patient', 'admin'), [other, own])).toBe(false);
    },
  );
});
