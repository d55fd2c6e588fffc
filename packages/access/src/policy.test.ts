import { type Role, roles } from '@cabinet/kit/access/principal';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Policy, propertiesOf, withoutHidden } from './policy.js';
import { policy } from './table.js';
import { type Relation, type Resource, relations } from './vocabulary.js';

const allRelations = Object.keys(relations) as Relation[];
const anyRoles = fc.subarray([...roles]);
const anyRelations = fc.subarray(allRelations);
const anyQuestion = fc.constantFrom(...policy.all());

const seen = (its: Resource, hidden: readonly string[]) =>
  propertiesOf(its, 'all').filter((property) => !hidden.includes(property));

describe('the access table', () => {
  it('gives nothing to nobody, and nothing by what it does not know', () => {
    for (const question of policy.all()) {
      expect(question.decide([], allRelations)).toMatchObject({ allowed: false });
      const { hidden, sets } = question.decide([], allRelations);
      expect([seen(question.resource, hidden), [...sets]]).toEqual([[], []]);
    }
    expect(policy.find({ resource: 'patient', action: 'read', channel: 'calendar' })).toBeUndefined();
    expect(policy.find({ resource: 'patient', action: 'fly', channel: 'rest' })).toBeUndefined();
    expect(policy.find({ resource: '__proto__', action: 'constructor', channel: 'rest' })).toBeUndefined();
  });

  it('never gives less to who is more, but for what no guardian sees', () => {
    fc.assert(
      fc.property(
        anyQuestion,
        fc.tuple(anyRoles, anyRoles),
        fc.tuple(anyRelations, anyRelations),
        (question, [some, more], [to, besides]) => {
          const less = question.decide(some, to);
          const all = question.decide([...some, ...more], [...to, ...besides]);
          expect(all.allowed || !less.allowed).toBe(true);
          const unseen = besides.includes('guardian')
            ? propertiesOf(question.resource, question.resource.hiddenFromGuardians ?? [])
            : [];
          const before = seen(question.resource, less.hidden).filter((property) => !unseen.includes(property));
          expect(seen(question.resource, all.hidden)).toEqual(expect.arrayContaining(before));
          expect([...all.sets]).toEqual(expect.arrayContaining([...less.sets]));
        },
      ),
    );
  });

  it('says for what and as what it allows something, of a rule that it has', () => {
    fc.assert(
      fc.property(anyQuestion, anyRoles, anyRelations, (question, its, to) => {
        const { allowed, relation, purpose } = question.decide(its, to);
        const held = (to as string[]).concat('any');
        const rules = question.rules.filter(({ who }) =>
          who.some((each) => its.some((role) => held.some((is) => each === `${role} ${is}`))),
        );
        expect(allowed).toBe(rules.length > 0);
        if (allowed)
          expect(rules.some((rule) => rule.purpose === purpose && rule.who.join().includes(`${relation}`))).toBe(true);
        else expect([relation, purpose]).toEqual([undefined, undefined]);
      }),
    );
  });

  it('lets in at the door exactly those whom some relation may let further', () => {
    for (const question of policy.all()) {
      const let_ = roles.filter((role) => question.decide([role], allRelations).allowed);
      expect(question.roles).toEqual(let_);
    }
  });

  it('lets nothing leave in an emergency but one record at a time, and says so of each answer', () => {
    const byEmergency = policy
      .all()
      .filter(({ rules }) => rules.some(({ who }) => who.includes('practitioner breakGlass')));
    expect(byEmergency.length).toBeGreaterThan(0);
    for (const question of byEmergency) {
      expect(['rest', 'list']).toContain(question.asked.channel);
      const { purpose, hidden } = question.decide(['practitioner'], ['breakGlass']);
      expect([purpose, hidden]).toEqual(['emergency', []]);
      expect(question.resource.properties).toHaveProperty('emergency');
      expect(question.decide(['practitioner'], ['care', 'breakGlass']).purpose).toBe('treatment');
    }
  });

  it('lets a copy of all go to the patient alone, whatever else lets somebody into a record', () => {
    const copies = policy.all().filter(({ asked }) => asked.channel === 'export');
    expect(copies.length).toBeGreaterThan(0);
    for (const question of copies) {
      expect(question.roles).toEqual(['patient']);
      for (const relation of allRelations.filter((each) => each !== 'self')) {
        expect([relation, question.decide([...roles], [relation]).allowed]).toEqual([relation, false]);
      }
    }
  });

  it('shows nothing medical to secretaries, admins and services', () => {
    const medical = policy.all().flatMap((question) => {
      const properties = [
        ...(question.resource.properties.medical ?? []),
        ...(question.resource.properties.reason ?? []),
      ];
      return (['secretary', 'admin', 'service'] as Role[]).flatMap((role) => {
        const relationsOfRole = allRelations.filter((relation) => relation !== 'author');
        const shown = seen(question.resource, question.decide([role], relationsOfRole).hidden);
        return properties
          .filter((property) => shown.includes(property))
          .map((property) => [question.asked, role, property]);
      });
    });
    expect(medical).toEqual([]);
  });
});

describe('a table', () => {
  const note: Resource = {
    about: 'a note',
    properties: { id: ['id'], text: ['text', 'title'] },
    actions: {
      read: [
        { who: ['patient self'], sees: 'all', purpose: 'patientRequest' },
        { who: ['secretary any'], on: ['rest', 'list'], sees: ['id'], purpose: 'patientAdministration' },
      ],
    },
  };
  const read = new Policy({ note }).find({ resource: 'note', action: 'read', channel: 'rest' });

  it('shows what any of the rules shows, for the purpose of the first', () => {
    expect(read?.decide(['secretary'], ['self'])).toMatchObject({ hidden: ['text', 'title'], relation: 'any' });
    expect(read?.decide(['secretary', 'patient'], ['self'])).toMatchObject({ hidden: [], purpose: 'patientRequest' });
    expect(read?.decide(['patient'], ['other']).allowed).toBe(false);
  });

  it('has no answer but for the channels that a rule names', () => {
    const list = new Policy({ note }).find({ resource: 'note', action: 'read', channel: 'list' });
    expect(list?.roles).toEqual(['secretary']);
    expect(list?.decide(['patient'], ['self']).allowed).toBe(false);
  });

  it('refuses a rule with properties that it does not know', () => {
    const wrong = {
      ...note,
      actions: { read: [{ ...note.actions.read?.[0], sees: ['body'] }] },
    } as unknown as Resource;
    expect(() => new Policy({ note: wrong })).toThrow('note read: no group body');
  });

  it('refuses an action that nobody is to do by a client when it does not know it', () => {
    expect(() => new Policy({ note: { ...note, notByClients: ['fly'] } })).toThrow('note: no action fly');
  });

  it('takes out of an answer what is hidden, and leaves the rest', () => {
    expect(JSON.stringify(withoutHidden({ id: 1, text: 'x' }, ['text', 'title']))).toBe('{"id":1}');
  });
});
