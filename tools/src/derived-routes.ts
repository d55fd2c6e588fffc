import { keepersOfPatientData, type Process } from '../../dev/src/processes.ts';
import { inCode, row } from './derived-blocks.ts';
import { written } from './derived-files.ts';
import { isUnder, type Operation, type Operations } from './operations.ts';

type Route = Process['routes'][number];

/** What the gateway routes: a file of its own code. */
export const routeTable = (processes: Process[], operations: Operations): Record<string, string> => ({
  'gateway/src/route-table.ts': `// ${written} Roles and public operations are those of each openapi.json.
import type { DeclaredRoute } from './routes.js';

/** What the gateway answers itself. */
${assigned('export const ownPages: readonly string[] = ', ownPages(processes), ';')}
/** Who keeps data of patients. */
${assigned('export const keepersOfPatientData: readonly string[] = ', keepersOfPatientData(processes), ';')}
export const routeTable: readonly DeclaredRoute[] = [
${routed(processes, operations).map(entry).join('')}];
`,
});

export const routeRows = (processes: Process[], operations: Operations): string[] => [
  '| path | goes to | for | without a token |',
  '| --- | --- | --- | --- |',
  ...routed(processes, operations).map(({ prefix, aliases = [], service, roles, isOpen, publicOperations = [] }) => {
    const shortened = publicOperations.map((operation) => operation.replace(`${prefix}/`, '/'));
    return row(inCode([prefix, ...aliases]), service, roles?.join(', '), isOpen ? 'everything' : inCode(shortened));
  }),
];

const ownPages = (processes: Process[]): string[] =>
  processes.filter(({ kind }) => kind === 'gateway').flatMap(({ routes }) => routes.map(({ prefix }) => prefix));

const routed = (processes: Process[], operations: Operations) =>
  processes
    .filter(({ kind }) => kind === 'service')
    .flatMap((process) => process.routes.map((route) => describe(process, route, operations)));

function describe(
  { name, imports }: Process,
  { prefix, aliases, isReference, isOpen, signIns }: Route,
  operations: Operations,
) {
  const own = (operations.get(name) ?? []).filter(({ path }) => isUnder(path, prefix));
  return {
    prefix,
    service: name,
    aliases: some(aliases),
    isReference: isReference || undefined,
    isOpen: isOpen || undefined,
    roles: rolesOf(own, peopleOf(operations)),
    publicOperations: some(own.filter(({ roles }) => !roles).map((operation) => operation.name)),
    signIns: some([...own.filter(({ isSignIn }) => isSignIn).map((operation) => operation.name), ...signIns]),
    unkeyed: some(own.filter(({ isUnkeyed }) => isUnkeyed).map((operation) => operation.name)),
    imports: some(imports.filter((path) => isUnder(path, prefix))),
    slow: some(own.filter(({ isSlow }) => isSlow).map((operation) => operation.name)),
  };
}

const some = (texts: string[]): string[] | undefined => (texts.length > 0 ? texts : undefined);

/** Every role that anything names; what calls through a sidecar does not come through the gateway. */
const peopleOf = (operations: Operations): Set<string> =>
  new Set([...operations.values()].flat().flatMap(({ roles = [] }) => roles.filter((role) => role !== 'service')));

/** Those of whom some operation may be asked; undefined where that is everybody, so that the service alone decides. */
function rolesOf(own: Operation[], people: Set<string>): string[] | undefined {
  const secured = own.flatMap(({ roles }) => (roles ? [roles] : []));
  if (secured.length === 0 || secured.some((roles) => roles.length === 0)) return undefined;
  const wanted = [...people].filter((role) => secured.some((roles) => roles.includes(role))).sort();
  return wanted.length < people.size ? wanted : undefined;
}

const widthMax = 120;

/** As the formatter has it: on one line where there is room. */
function assigned(before: string, value: unknown, after: string): string {
  const quoted = [value].flat().map((text) => (typeof text === 'string' ? `'${text}'` : text));
  if (!Array.isArray(value)) return `${before}${quoted}${after}\n`;
  const line = `${before}[${quoted.join(', ')}]${after}`;
  if (line.length <= widthMax) return `${line}\n`;
  const indent = ' '.repeat(before.search(/\S/));
  return `${before}[\n${quoted.map((each) => `${indent}  ${each},\n`).join('')}${indent}]${after}\n`;
}

function entry(route: ReturnType<typeof describe>): string {
  const said = Object.entries(route).filter(([, value]) => value !== undefined);
  return `  {\n${said.map(([field, value]) => assigned(`    ${field}: `, value, ',')).join('')}  },\n`;
}
