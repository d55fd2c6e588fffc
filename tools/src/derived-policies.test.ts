import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asAsked, openedBesides, policyFor } from './derived-policies.ts';
import { SidecarTrie } from './sidecar-trie.ts';

const practice = [
  'GET /api/patients',
  'POST /api/patients',
  'POST /api/patients/status',
  'GET /api/patients/unusual-accesses',
  'GET /api/patients/{id}',
  'PUT /api/patients/{id}',
  'GET /api/patients/{id}/acts-for',
  'GET /api/slots',
  'GET /api/slots/explain',
  'GET /api/staff',
];
const lets = (asked: string[], operation: string) => {
  const [verb = '', path = ''] = operation.split(' ');
  return new SidecarTrie(policyFor(asked, practice)).lets(verb, path);
};

describe('a sidecar of Dapr', () => {
  const allow = (name: string, ...verbs: string[]) => ({ name, verbs, isAllowed: true });

  it.each<[string, ReturnType<typeof allow>[], string, boolean]>([
    ['takes the first entry of a path alone', [allow('/a', 'GET'), allow('/a', 'POST')], 'POST /a', false],
    ['meets * before what is written after it', [allow('/a/*', 'GET'), allow('/a/b', 'POST')], 'POST /a/b', false],
    ['meets what is written before *', [allow('/a/b', 'POST'), allow('/a/*', 'GET')], 'POST /a/b', true],
    ['judges by a path all that is below', [allow('/a', 'POST'), allow('/a/*', 'GET')], 'GET /a/b', false],
    ['opens all that is below a path', [allow('/a', 'GET')], 'GET /a/b/c', true],
    ['opens with * one part', [allow('/a/*', 'GET')], 'GET /a/b', true],
    ['opens with * no more than one part', [allow('/a/*', 'GET')], 'GET /a/b/c', false],
    ['opens with * the path itself', [allow('/a/*', 'GET')], 'GET /a', true],
    ['finds nothing by a * in the middle', [allow('/a/*/c', 'GET')], 'GET /a/b/c', false],
    ['finds by ** in the middle', [allow('/a/**/c', 'GET')], 'GET /a/b/c', true],
    ['does not try again after what fits', [allow('/a*/b', 'GET'), allow('/ab/c', 'GET')], 'GET /ab/c', false],
  ])('%s', (_, entries, operation, isLet) => {
    const [verb = '', path = ''] = operation.split(' ');
    expect(new SidecarTrie(entries).lets(verb, path)).toBe(isLet);
  });
});

describe('the policy of who asks', () => {
  it.each<[string[], string, boolean]>([
    [['GET /api/slots', 'POST /api/slots'], 'POST /api/slots', true],
    [['GET /api/slots'], 'GET /api/slots/explain', false],
    [['GET /api/patients/*', 'POST /api/patients/status'], 'POST /api/patients/status', true],
    [['GET /api/patients/*', 'POST /api/patients/status'], 'GET /api/patients/status', false],
    [['GET /api/patients/*'], 'GET /api/patients/42', true],
    [['GET /api/patients/*'], 'GET /api/patients/42/acts-for', false],
    [['GET /api/patients/*'], 'GET /api/patients/unusual-accesses', false],
    [['GET /api/patients/*'], 'GET /api/patients', false],
    [['GET /api/patients/*', 'GET /api/patients'], 'GET /api/patients', true],
    [['GET /api/patients/*/acts-for'], 'GET /api/patients/42/acts-for', true],
    [['GET /api/patients/*/acts-for'], 'GET /api/patients/42', false],
    [['GET /api/staff'], 'GET /api/staff/42/codes', false],
  ])('%j: %s is let through: %s', (asked, operation, isLet) => {
    expect(openedBesides(asked, practice)).toEqual([]);
    expect(lets(asked, operation)).toBe(isLet);
  });

  it('cannot be for a path in one verb and for what is below it in another, where there is more', () => {
    expect(openedBesides(['POST /api/patients', 'GET /api/patients/*'], practice)).toEqual(['GET /api/patients']);
  });

  it('lets through all that is asked, and for most nothing else that there is', () => {
    const part = fc.constantFrom('a', 'b', 'c');
    const varying = fc.oneof({ weight: 2, arbitrary: part }, { weight: 1, arbitrary: fc.constant('{id}') });
    const path = fc.tuple(part, fc.array(varying, { maxLength: 3 })).map(([first, more]) => [first, ...more].join('/'));
    const operation = fc.tuple(fc.constantFrom('GET', 'POST'), path).map(([verb, each]) => `${verb} /api/${each}`);
    const some = fc.uniqueArray(operation, { minLength: 1, maxLength: 12 });
    const exact: boolean[] = [];
    fc.assert(
      fc.property(some, fc.integer({ min: 1, max: 6 }), (all, count) => {
        const asked = [...new Set(all.slice(0, count).map(asAsked))];
        const trie = new SidecarTrie(policyFor(asked, all));
        const refused = asked.filter((each) => {
          const [verb = '', own = ''] = each.split(' ');
          return !trie.lets(verb, own.replaceAll('*', '42'));
        });
        expect(refused).toEqual([]);
        exact.push(openedBesides(asked, all).length === 0);
      }),
      { numRuns: 1_000 },
    );
    expect(exact.filter(Boolean).length).toBeGreaterThan(exact.length / 2);
  });
});
