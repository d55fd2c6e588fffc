import type { Delegated, Principal } from '@cabinet/kit/access/principal';
import { runInContext } from '@cabinet/kit/http/request-context';
import { describe, expect, it } from 'vitest';
import { RequestAccess } from './ask.js';
import { delegatedIn, delegatedNow, worksAs, worksForAll } from './delegation.js';
import { policy } from './table.js';

const now = new Date('2026-05-04T08:00:00Z');
const [one, two] = ['0199c3a0-0000-7000-8000-000000000001', '0199c3a0-0000-7000-8000-000000000002'];
const forOne: Delegated = { practitionerId: one, as: 'secretary', scopes: ['agenda'], until: new Date(+now + 1) };
const inPlaceOfTwo: Delegated = { practitionerId: two, as: 'locum', scopes: ['agenda', 'results'] };
const forAll: Delegated = { practitionerId: 'all', as: 'secretary', scopes: ['agenda'] };
const actor = (roles: Principal['roles'], ...delegated: Delegated[]): Principal => ({ id: 'u', roles, delegated });

describe('who works for a practitioner', () => {
  it('does so in what was delegated, in the role that it needs, until it ends', () => {
    const both = actor(['secretary', 'practitioner'], forOne, inPlaceOfTwo);
    expect(delegatedIn(both, 'agenda', now)).toEqual([forOne, inPlaceOfTwo]);
    expect(delegatedIn(both, 'results', now)).toEqual([inPlaceOfTwo]);
    expect(delegatedIn(both, 'agenda', new Date(+now + 1))).toEqual([inPlaceOfTwo]);
    expect(delegatedIn(actor(['secretary'], forOne, inPlaceOfTwo), 'agenda', now)).toEqual([forOne]);
    expect(delegatedIn(actor(['admin'], forOne, inPlaceOfTwo), 'agenda', now)).toEqual([]);
    expect(delegatedIn({ id: 'u', roles: ['secretary'] }, 'agenda', now)).toEqual([]);
  });

  it('is secretary or locum to them, and nothing to others', () => {
    expect([worksAs([forOne, inPlaceOfTwo], one), worksAs([forOne, inPlaceOfTwo], two)]).toEqual([
      'secretary',
      'locum',
    ]);
    expect(worksAs([forOne], two)).toBeUndefined();
    expect(worksAs([inPlaceOfTwo, { ...forOne, practitionerId: two }], two)).toBe('secretary');
  });

  it('works for everybody as secretary alone', () => {
    expect([worksForAll([forAll]), worksForAll([forOne]), worksForAll([{ ...forAll, as: 'locum' }])]).toEqual([
      true,
      false,
      false,
    ]);
    expect([worksAs([forAll], two), worksAs([forAll, inPlaceOfTwo], one)]).toEqual(['secretary', 'secretary']);
    expect(worksAs([forAll, inPlaceOfTwo], two)).toBe('locum');
  });

  it('does so at the time of the request at hand, and outside of one never', () => {
    const secretary = actor(['secretary'], forOne);
    const during = (at: Date) =>
      runInContext(
        { requestId: 'r', access: new RequestAccess(policy.question('appointment', 'read', 'rest'), at) },
        () => delegatedNow(secretary, 'agenda'),
      );
    expect([during(now).length, during(new Date(+now + 1)).length, delegatedNow(secretary, 'agenda').length]).toEqual([
      1, 0, 0,
    ]);
  });
});
