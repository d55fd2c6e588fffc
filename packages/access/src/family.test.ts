import type { Principal } from '@cabinet/kit/access/principal';
import { runInContext } from '@cabinet/kit/http/request-context';
import { describe, expect, it } from 'vitest';
import { RequestAccess } from './ask.js';
import { actsForIn, actsForNow, familyRelation, minorsOwn, wardsOf } from './family.js';
import { policy } from './table.js';

const now = new Date('2026-05-04T08:00:00Z');
const child = '0199c3a0-0000-7000-8000-000000000001';
const mother = '0199c3a0-0000-7000-8000-000000000002';
const parent: Principal = {
  id: 'user-1',
  roles: ['patient'],
  actsFor: [
    { patientId: child, as: 'guardian', sections: ['details', 'appointments'], until: new Date(now.getTime() + 1) },
    { patientId: mother, as: 'carer', sections: ['appointments'] },
  ],
};

describe('who acts for somebody else', () => {
  it('is their guardian or carer in the sections that are named', () => {
    expect(familyRelation(parent, child, 'details', now)).toEqual(['guardian']);
    expect(familyRelation(parent, mother, 'appointments', now)).toEqual(['carer']);
    expect(familyRelation(parent, mother, 'record', now)).toEqual([]);
    expect(actsForIn(parent, 'appointments', now).map(({ patientId }) => patientId)).toEqual([child, mother]);
  });

  it('is nobody to others, and from the moment on when it ends', () => {
    expect(familyRelation(parent, 'another', 'details', now)).toEqual([]);
    expect(familyRelation({ id: 'user-2', roles: ['patient'] }, child, 'details', now)).toEqual([]);
    const later = new Date(now.getTime() + 1);
    expect(familyRelation(parent, child, 'details', later)).toEqual([]);
    expect(actsForIn(parent, 'details', later)).toEqual([]);
  });

  it('is so at the time of the request at hand, and outside of one never', () => {
    const question = policy.question('patient', 'read', 'rest');
    const during = (at: Date) =>
      runInContext({ requestId: 'one', access: new RequestAccess(question, at) }, () => actsForNow(parent, 'details'));
    expect(during(now)).toHaveLength(1);
    expect(during(new Date(now.getTime() + 1))).toEqual([]);
    expect(actsForNow(parent, 'details')).toEqual([]);
  });

  it('acts no longer in a section that ends before the rest, and is the guardian still', () => {
    const ends = new Date(now.getTime() + 1);
    const until = new Date(now.getTime() + 2);
    const guardian: Principal = {
      ...parent,
      actsFor: [{ patientId: child, as: 'guardian', sections: ['details', 'record'], until, ends: { record: ends } }],
    };
    const is = (section: 'details' | 'record', at: Date) => familyRelation(guardian, child, section, at).length === 1;
    expect([is('record', now), is('details', now)]).toEqual([true, true]);
    expect([is('record', ends), is('details', ends), wardsOf(guardian, ends)]).toEqual([false, true, [child]]);
    expect([is('details', until), wardsOf(guardian, until)]).toEqual([false, []]);
    expect(wardsOf(parent, now)).toEqual([child]);
  });

  it('arranges what care needs until majority: only what shows it may become the minor’s own before', () => {
    expect(minorsOwn).toEqual(['record', 'accesses']);
  });

  it('is nobody, as a guardian, to what a minor keeps from guardians', () => {
    expect(familyRelation(parent, child, 'appointments', now, true)).toEqual([]);
    expect(familyRelation(parent, mother, 'appointments', now, true)).toEqual(['carer']);
  });
});
