import type { Process } from '../../dev/src/processes.ts';
import type { Operations } from './operations.ts';
import { type PolicyEntry, SidecarTrie } from './sidecar-trie.ts';

/** What is asked, by the parts of its path. */
interface Asked {
  /** Those of the path that ends here. */
  verbs: Set<string>;
  below: Map<string, Asked>;
}

export const accessPolicies = (processes: Process[], operations: Operations): string[] =>
  processes
    .filter(({ asks }) => Object.keys(asks).length > 0)
    .flatMap(({ name, asks }) => [
      `- appId: ${name}`,
      '  namespace: cabinet',
      '  trustDomain: public',
      '  defaultAction: deny',
      '  operations:',
      ...policyFor(Object.values(asks).flat(), namesOf(operations)).map(
        ({ name: path, verbs, isAllowed }) =>
          `    - { name: ${path}, httpVerb: [${verbs.map((verb) => (verb === '*' ? "'*'" : verb)).join(', ')}], action: ${isAllowed ? 'allow' : 'deny'} }`,
      ),
    ]);

/** A line for each operation that a sidecar would let through beside what is asked. */
export const policyProblems = (processes: Process[], operations: Operations): string[] =>
  processes.flatMap(({ folder, asks }) =>
    openedBesides(Object.values(asks).flat(), namesOf(operations)).map(
      (operation) => `${folder}/process.json: asks: no sidecar can let these through without ${operation}`,
    ),
  );

/**
 * The entries by which a sidecar lets through what is asked and, of all operations there are, nothing else, as far as
 * there are such (`openedBesides`). Each that allows ends in `*`, also for one path alone, because without it an entry opens everything below.
 * @param asked such as `GET /api/patients/*`
 * @param all operations of the practice, such as `GET /api/patients/{id}`
 */
export function policyFor(asked: readonly string[], all: readonly string[]): PolicyEntry[] {
  const root: Asked = { verbs: new Set(), below: new Map() };
  for (const operation of asked) {
    const [verb = '', path = ''] = operation.split(' ');
    let node = root;
    for (const part of path.split('/').slice(1)) {
      const next = node.below.get(part) ?? { verbs: new Set(), below: new Map() };
      node.below.set(part, next);
      node = next;
    }
    node.verbs.add(verb);
  }
  return entriesBelow('', root, all);
}

/** In the order that counts: who is met first decides. */
function entriesBelow(path: string, node: Asked, all: readonly string[]): PolicyEntry[] {
  const any = node.below.get('*');
  const verbs = verbsAt(node);
  const parts = [...node.below].filter(([part]) => part !== '*');
  const ends = parts.filter(([, { verbs: own }]) => own.size > 0);
  const passed = parts.filter(([, { verbs: own }]) => own.size === 0);
  const deny = (name: string): PolicyEntry => ({ name, verbs: ['*'], isAllowed: false });
  const siblings = all
    .map((operation) => operation.split(' ') as [verb: string, path: string])
    .filter(([verb, each]) => verbs.includes(verb) && each.startsWith(`${path}/`))
    .map(([, each]) => each.slice(path.length + 1))
    .filter((part) => /^[^/{]+$/.test(part) && !node.below.has(part));
  const own = verbs.length > 0 ? [{ name: `${path}/*`, verbs, isAllowed: true }] : [];
  // Else the path itself would be judged by what is let through below it.
  const guard = own.length === 0 && passed.some(([, each]) => verbsAt(each).length > 0) ? [deny(`${path}/*`)] : [];
  return [
    ...ends.flatMap(([part, each]) => entriesBelow(`${path}/${part}`, each, all)),
    ...[...new Set(siblings)].map((part) => deny(`${path}/${part}`)),
    ...own,
    ...guard,
    ...passed.flatMap(([part, each]) => entriesBelow(`${path}/${part}`, each, all)),
    ...(any && any.below.size > 0 ? entriesBelow(`${path}/**`, any, all) : []),
  ];
}

/** What the `*` below a path lets through: the path itself, and what varies there. */
const verbsAt = (node: Asked): string[] => [...new Set([...node.verbs, ...(node.below.get('*')?.verbs ?? [])])];

/** Operations that are let through though nobody asked for them. */
export function openedBesides(asked: readonly string[], all: readonly string[]): string[] {
  const trie = new SidecarTrie(policyFor(asked, all));
  return all.filter((operation) => {
    const [verb = '', path = ''] = operation.split(' ');
    return !asked.includes(asAsked(operation)) && trie.lets(verb, path.replaceAll(/\{\w+\}/g, someId));
  });
}

const someId = '00000000-0000-4000-8000-000000000000';

/** `GET /api/patients/{id}` as it is asked for. */
export const asAsked = (operation: string): string => operation.replaceAll(/(?<=\/)[^/]*\{\w+\}[^/]*/g, '*');

const namesOf = (operations: Operations): string[] => [...operations.values()].flat().map(({ name }) => name);
