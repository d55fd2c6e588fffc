import type { RequestHandler } from 'express';
import { type FieldError, InvalidInput } from '../errors.js';

/** What is read of a JSON Schema in an OpenAPI document. */
interface Schema {
  $ref?: string;
  type?: string;
  enum?: unknown[];
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: unknown;
  items?: Schema;
  maxItems?: number;
  allOf?: Schema[];
  [other: string]: unknown;
}

export interface Operation {
  parameters?: { in?: string; name?: string }[];
  security?: object[];
  requestBody?: { content?: Record<string, { schema?: Schema }> };
}

export interface OpenApi {
  paths?: Record<string, Record<string, Operation>>;
  components?: { schemas?: Record<string, Schema> };
}

export interface Match {
  /** Such as `/api/patients/:id`. */
  route: string;
  operation: Operation;
  /** What stands in the place of each parameter. */
  params: Record<string, string>;
}

interface Place {
  route: string;
  pattern: RegExp;
  operations: Map<string, Operation>;
}

/** What a path is about, by which routes are looked up: `/api/patients` of `/api/Patients/{id}`. */
export const resourceOf = (path: string): string => path.split('/', 3).join('/').toLowerCase();

/** The same of a route. @throws Error for one that has a parameter there */
export function resourceOfRoute(route: string): string {
  const resource = resourceOf(route);
  if (/[:{*]/.test(resource)) throw new Error(`${route} has a parameter where its resource stands`);
  return resource;
}

/** What the service's OpenAPI document says of requests, for what is checked before its routes are asked. */
export class Operations {
  private readonly places: Map<string, Place[]>;
  private readonly schemas: Record<string, Schema>;

  constructor({ paths = {}, components }: OpenApi) {
    this.schemas = components?.schemas ?? {};
    // Those without parameters first: `/patients/search` is not the patient "search".
    const places = Object.entries(paths)
      .sort(([a], [b]) => a.split('{').length - b.split('{').length)
      .map(([path, its]) => ({
        route: path.replaceAll(/\{([^}]+)\}/g, ':$1'),
        pattern: new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{([^}]+)\}/g, '(?<$1>[^/]+)')}/?$`, 'i'),
        operations: new Map(Object.entries(its).map(([method, operation]) => [method.toUpperCase(), operation])),
      }));
    this.places = Map.groupBy(places, ({ route }) => resourceOfRoute(route));
  }

  /**
   * Refuses what validation, which looks at every item and counts its faults anew at each, would take long to refuse: lists
   * longer than the model says, and more faults than anybody reads; and what it would take for something else: values of
   * another JSON type, and those that a list of values does not have (`["male"]`, `"null"`). All else is left to it.
   * @throws InvalidInput (422)
   */
  assertBounds(method: string, path: string, body: unknown): void {
    const operation = this.find(method, path);
    const schema = operation?.requestBody?.content?.['application/json']?.schema;
    if (!schema) return;
    const bounds = new Bounds(this.schemas);
    bounds.assert(body, schema, '');
    bounds.throwIfMistaken();
  }

  /** True when the operation names the header among its parameters. */
  takesHeader(method: string, path: string, header: string): boolean {
    return this.find(method, path)?.parameters?.some((each) => each.in === 'header' && each.name === header) ?? false;
  }

  /** What a request is for; a HEAD for what its GET is. */
  match(method: string, path: string): Match | undefined {
    const asked = method === 'HEAD' ? 'GET' : method;
    for (const { route, pattern, operations } of this.places.get(resourceOf(path)) ?? []) {
      const operation = operations.get(asked);
      const found = operation && pattern.exec(path);
      if (found) return { route, operation, params: found.groups ?? {} };
    }
    return undefined;
  }

  private find(method: string, path: string): Operation | undefined {
    return this.match(method, path)?.operation;
  }
}

const faultsMax = 100;

class Bounds {
  private readonly faults: FieldError[] = [];
  private readonly mistaken: FieldError[] = [];

  constructor(private readonly schemas: Record<string, Schema>) {}

  assert(value: unknown, schema: Schema, path: string): void {
    const meant = schema.$ref === undefined ? schema : this.schemas[schema.$ref.split('/').at(-1) as string];
    if (!meant || value === null || value === undefined) return;
    for (const part of meant.allOf ?? []) this.assert(value, part, path);
    if (!isOfType(value, meant.type)) this.mistake(path, `is not of type ${meant.type}`);
    else if (meant.enum?.includes(value) === false) this.mistake(path, `is not one of ${meant.enum.join(', ')}`);
    if (Array.isArray(value)) this.assertList(value, meant, path);
    else if (typeof value === 'object') this.assertFields(value, meant, path);
  }

  /** @throws InvalidInput (422) */
  throwIfMistaken(): void {
    if (this.mistaken.length > 0) throw new InvalidInput(this.mistaken);
  }

  private assertList(list: unknown[], { maxItems = Infinity, items = {} }: Schema, path: string): void {
    if (list.length > maxItems) {
      throw new InvalidInput([{ path: path || 'body', code: 'TOO_MANY', message: `has more than ${maxItems} items` }]);
    }
    for (const [nth, item] of list.entries()) this.assert(item, items, `${path}[${nth}]`);
  }

  private assertFields(object: object, { properties, required = [], additionalProperties }: Schema, path: string) {
    const at = (name: string) => (path ? `${path}.${name}` : name);
    for (const name of required) if (!Object.hasOwn(object, name)) this.found(at(name), 'REQUIRED', 'is required');
    for (const [name, value] of Object.entries(object)) {
      const its = properties && Object.hasOwn(properties, name) ? properties[name] : undefined;
      if (its) this.assert(value, its, at(name));
      else if (additionalProperties === false) this.found(at(name), 'UNKNOWN_FIELD', 'is not a known field');
    }
  }

  private mistake(path: string, message: string): void {
    this.mistaken.push({ path: path || 'body', code: 'INVALID', message });
    this.found(path, 'INVALID', message);
  }

  private found(path: string, code: string, message: string): void {
    this.faults.push({ path: path || 'body', code, message });
    if (this.faults.length > faultsMax) throw new InvalidInput(this.faults.slice(0, faultsMax));
  }
}

function isOfType(value: unknown, type: string | undefined): boolean {
  if (type === undefined) return true;
  if (Array.isArray(value)) return type === 'array';
  return typeof value === (type === 'integer' ? 'number' : type);
}

/** Mounted after bodies have been read. */
export const boundBodies =
  (operations: Operations): RequestHandler =>
  (req, _res, next) => {
    if (req.body !== undefined) operations.assertBounds(req.method, req.path, req.body);
    next();
  };
