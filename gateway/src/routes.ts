import type { Role } from '@cabinet/kit/access/principal';

/** What a request may cost, and how long its caller has to wait at most. */
export interface Limits {
  bodyBytesMax: number;
  /** Until the whole body has come. */
  bodyMs: number;
  /** From then on until the answer begins, all tries together. */
  timeoutMs: number;
}

/** What a service says of itself, as it stands in `route-table.ts`. Every path is the one that the service knows. */
export interface DeclaredRoute {
  prefix: string;
  service: string;
  aliases?: readonly string[];
  isReference?: boolean;
  isOpen?: boolean;
  roles?: readonly Role[];
  publicOperations?: readonly string[];
  signIns?: readonly string[];
  unkeyed?: readonly string[];
  imports?: readonly string[];
  slow?: readonly string[];
}

export interface Route {
  /** What the path begins with; also the name of the route in logs and metrics. */
  prefix: string;
  /** The process that answers, by its name in the registry (in lower case). */
  service: string;
  /** Another name for this prefix, under which the service knows the resource. */
  aliasOf?: string;
  /** The same for everybody and not about patients, so an old answer is better than none while the service is away. */
  isReference: boolean;
  /** Its service alone says who may do what, by a protocol that is not ours. */
  isOpen: boolean;
  /** Whoever has none of these roles is refused without asking; absent: the service alone decides. */
  roles?: readonly Role[];
  /** Everything else needs a valid access token. */
  publicOperations?: Operations;
  /** Where passwords and tokens could be guessed. */
  signIns?: Operations;
  /** Posts of which the service keeps no answer: to it a repeat is another request, `Idempotency-Key` or not. */
  unkeyed?: Operations;
  /** Paths that take a whole file. */
  imports?: ReadonlySet<string>;
  /** What goes through very much before it answers. */
  slow?: Operations;
}

export const usualLimits: Limits = { bodyBytesMax: 1024 * 1024, bodyMs: 10_000, timeoutMs: 10_000 };
export const importLimits: Limits = { bodyBytesMax: 16 * 1024 * 1024, bodyMs: 120_000, timeoutMs: 120_000 };
export const slowLimits: Limits = { ...usualLimits, timeoutMs: 120_000 };
/** Anybody may send these, so they are kept here until they are whole, and have to be small. */
export const publicLimits: Limits = { ...usualLimits, bodyBytesMax: 8 * 1024 };

/** Who answers which path. */
export class RouteTable {
  /** Each prefix and each alias once. */
  readonly routes: readonly Route[];
  /** Names of the services that something is routed to. */
  readonly services: readonly string[];
  private readonly byPrefix: ReadonlyMap<string, Route>;

  constructor(declared: readonly DeclaredRoute[]) {
    this.routes = declared.flatMap((route) =>
      [route.prefix, ...(route.aliases ?? [])].map((name) => named(name, route)),
    );
    this.services = [...new Set(this.routes.map(({ service }) => service))];
    this.byPrefix = new Map(this.routes.map((route) => [route.prefix, route]));
  }

  /** @param path checked and without its query, such as `/api/patients/42`. */
  find(path: string): Route | undefined {
    const endOfFirst = path.indexOf('/', 1);
    if (endOfFirst < 0) return this.byPrefix.get(path);
    const endOfSecond = path.indexOf('/', endOfFirst + 1);
    return (
      this.byPrefix.get(endOfSecond < 0 ? path : path.slice(0, endOfSecond)) ??
      this.byPrefix.get(path.slice(0, endOfFirst))
    );
  }
}

/** A route under its prefix or an alias, with the operations as they are asked for under that name. */
function named(
  name: string,
  { prefix, service, isReference = false, isOpen = false, roles, ...rest }: DeclaredRoute,
): Route {
  const renamed = (paths: readonly string[] = []) => paths.map((path) => path.replace(prefix, name));
  const operations = (all: readonly string[] | undefined) => all && new Operations(renamed(all));
  return {
    prefix: name,
    service,
    aliasOf: name === prefix ? undefined : prefix,
    isReference,
    isOpen,
    roles,
    publicOperations: operations(rest.publicOperations),
    signIns: operations(rest.signIns),
    unkeyed: operations(rest.unkeyed),
    imports: rest.imports && new Set(renamed(rest.imports)),
    slow: operations(rest.slow),
  };
}

/** Operations such as `GET /api/calendars/feeds/{file}`; whoever may GET may ask by HEAD. */
class Operations {
  private readonly byMethod = new Map<string, { paths: Set<string>; templates: RegExp[] }>();

  constructor(operations: readonly string[]) {
    for (const operation of operations) {
      const [method = '', path = ''] = operation.split(' ');
      for (const each of method === 'GET' ? ['GET', 'HEAD'] : [method]) this.add(each, path);
    }
  }

  has(method: string, path: string): boolean {
    const known = this.byMethod.get(method);
    if (!known) return false;
    if (known.paths.has(path)) return true;
    for (const template of known.templates) if (template.test(path)) return true;
    return false;
  }

  private add(method: string, path: string): void {
    const known = this.byMethod.get(method) ?? { paths: new Set(), templates: [] };
    this.byMethod.set(method, known);
    if (path.includes('{')) known.templates.push(templateOf(path));
    else known.paths.add(path);
  }
}

/** What varies is one segment of the path, or a part of one. */
const templateOf = (path: string): RegExp =>
  new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`);

export const isPublic = ({ isOpen, publicOperations }: Route, method: string, path: string): boolean =>
  isOpen || (publicOperations?.has(method, path) ?? false);

export const isSignIn = ({ signIns }: Route, method: string, path: string): boolean =>
  signIns?.has(method, path) ?? false;

/** True where a service gives the repeat of a request with an `Idempotency-Key` its first answer again. */
export const honoursKey = ({ isOpen, unkeyed }: Route, method: string, path: string): boolean =>
  method === 'POST' && !isOpen && !unkeyed?.has(method, path);

/**
 * An import brings a whole file, so it may be larger and take longer.
 * @param isKnown false when nobody has said who calls.
 */
export function limitsOf({ imports, slow }: Route, method: string, path: string, isKnown: boolean): Limits {
  if (!isKnown) return publicLimits;
  if (imports?.has(path)) return importLimits;
  return slow?.has(method, path) ? slowLimits : usualLimits;
}

/** The path as the service knows it. */
export const upstreamPath = (route: Route, path: string): string =>
  route.aliasOf ? route.aliasOf + path.slice(route.prefix.length) : path;
