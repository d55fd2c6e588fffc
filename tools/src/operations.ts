import { globSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Process } from '../../dev/src/processes.ts';

/** An operation as a service's `openapi.json` has it. */
export interface Operation {
  /** `GET /api/patients/{id}` */
  name: string;
  path: string;
  /** Who may do it; none: whoever has a token. Absent: it needs no token. */
  roles?: string[];
  /** Its controller says who may do it, or that everybody may. */
  isSecured: boolean;
  /** It asks for nothing first, and yet may refuse whoever asks (401), so there something could be guessed; no cookie is. */
  isSignIn: boolean;
  /** It is posted, and takes no `Idempotency-Key`: a repeat is another request. */
  isUnkeyed: boolean;
  /** Its controller says that it takes longer than a caller usually waits. */
  isSlow: boolean;
}

/** Operations by the name of their process. */
export type Operations = ReadonlyMap<string, Operation[]>;

interface Described {
  security?: Record<string, string[]>[];
  parameters?: { in: string; name: string }[];
  responses: Record<string, unknown>;
  'x-takes-long'?: boolean;
}

/** @param fresh texts of `openapi.json` that are still to be written, by service */
export function readOperations(root: string, fresh: ReadonlyMap<string, string> = new Map()): Operations {
  const committed = globSync('services/*/openapi.json', { cwd: root }).map((file): [string, string] => [
    basename(dirname(file)),
    readFileSync(join(root, file), 'utf8'),
  ]);
  const texts = new Map([...committed, ...fresh]);
  return new Map([...texts].map(([service, text]) => [service, operationsOf(JSON.parse(text))]));
}

const operationsOf = ({ paths }: { paths: Record<string, Record<string, Described>> }): Operation[] =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { security, parameters = [], responses, ...rest }]) => {
      const roles = security?.find(({ bearer }) => bearer)?.bearer;
      return {
        name: `${method.toUpperCase()} ${path}`,
        path,
        roles,
        isSecured: security !== undefined,
        isSignIn: !security?.length && '401' in responses,
        isUnkeyed: method === 'post' && !parameters.some(({ name }) => name === 'Idempotency-Key'),
        isSlow: rest['x-takes-long'] === true,
      };
    }),
  );

export const isUnder = (path: string, prefix: string): boolean => `${path}/`.startsWith(`${prefix}/`);

/** What is wrong between what processes declare and what their controllers do, a line each. */
export function routingProblems(processes: Process[], operations: Operations): string[] {
  return processes.flatMap(({ name, folder, routes, imports }) => {
    const own = operations.get(name);
    if (!own) return [];
    const lost = own.filter(({ path }) => !routes.some(({ prefix }) => isUnder(path, prefix)));
    const unsaid = own.filter(({ isSecured }) => !isSecured);
    const isEmpty = ({ prefix, isOpen }: (typeof routes)[number]) =>
      !isOpen && !own.some(({ path }) => isUnder(path, prefix));
    const empty = lost.length === 0 ? routes.filter(isEmpty) : [];
    const absent = imports.filter((path) => !own.some((operation) => operation.name === `POST ${path}`));
    return [
      ...together(lost).map((names) => `${folder}/openapi.json: under no route of process.json: ${names}`),
      ...together(unsaid).map((names) => `${folder}/openapi.json: neither @Security nor @NoSecurity: ${names}`),
      ...empty.map(({ prefix }) => `${folder}/process.json: routes: no operation of openapi.json is under ${prefix}`),
      ...absent.map((path) => `${folder}/process.json: imports: there is no operation POST ${path}`),
      ...own.flatMap((operation) => openedBy(operation, own).map((each) => `${folder}/openapi.json: ${each}`)),
    ];
  });
}

/** One line for what has one cause. */
const together = ([first, ...others]: Operation[]): string[] =>
  first ? [others.length > 0 ? `${first.name}, and ${others.length} more` : first.name] : [];

/** An address that varies and needs no token would take in others that need one. */
function openedBy({ name, roles }: Operation, all: Operation[]): string[] {
  if (roles || !name.includes('{')) return [];
  const pattern = new RegExp(`^${name.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`);
  return all
    .filter((other) => other.roles && pattern.test(other.name))
    .map((other) => `${name} needs no token, so ${other.name} must not look like it`);
}
