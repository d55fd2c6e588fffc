import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/*
 * What people write in their own words in requests to any service, read from its openapi.json: a field that is added there is
 * known here at once.
 */

interface Schema {
  $ref?: string;
  type?: string;
  enum?: unknown[];
  format?: string;
  pattern?: string;
  properties?: Record<string, Schema>;
  items?: Schema;
  allOf?: Schema[];
}

interface Operation {
  parameters?: { in: string; name: string; schema: Schema }[];
  requestBody?: { content: Record<string, { schema: Schema }> };
}

interface Specification {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
}

const root = join(import.meta.dirname, '../../services');

/** Schemas whose strings have a form of their own, and so are no words. */
const formed =
  /^#\/components\/schemas\/(Uuid|Instant|InstantOrDate|LocalDate|CalendarDate|PartialDate|TimeOfDay|ZoneName)$/;

export class Texts {
  /** Such as `POST /api/patients: contacts[].familyName`, `GET /api/patients: ?q`, `POST /api/patients/import: text/csv`. */
  readonly all = new Set<string>();
  readonly filled = new Set<string>();
  private readonly word: string;
  private readonly bodies = new Map<string, { schema: Schema; of: Specification }>();

  constructor(word: string) {
    this.word = word;
    for (const service of readdirSync(root)) {
      const of: Specification = JSON.parse(readFileSync(join(root, service, 'openapi.json'), 'utf8'));
      for (const [path, methods] of Object.entries(of.paths)) {
        for (const [method, operation] of Object.entries(methods)) {
          this.read(`${method.toUpperCase()} ${path}`, operation, of);
        }
      }
    }
  }

  /** Says that the word has been sent there. */
  note(text: string): void {
    if (!this.all.has(text)) throw new Error(`there is no text ${text}`);
    this.filled.add(text);
  }

  /**
   * A body for the operation in which every text says the word, but for what is given; null leaves a field out. What is given
   * of an array stands for its elements.
   */
  bodyOf(operation: string, given: object): unknown {
    const body = this.bodies.get(operation);
    if (!body) throw new Error(`there is no operation ${operation} with a JSON body`);
    return this.fill(body.schema, body.of, given, `${operation}: `);
  }

  private read(operation: string, { parameters = [], requestBody }: Operation, of: Specification): void {
    for (const { in: where, name, schema } of parameters) {
      if (where === 'query' && isText(schema, of)) this.all.add(`${operation}: ?${name}`);
    }
    for (const [type, { schema }] of Object.entries(requestBody?.content ?? {})) {
      if (type !== 'application/json') this.all.add(`${operation}: ${type}`);
      else {
        this.bodies.set(operation, { schema, of });
        for (const text of textsIn(schema, of, `${operation}: `)) this.all.add(text);
      }
    }
  }

  private fill(schema: Schema, of: Specification, given: unknown, path: string): unknown {
    if (given === null) return undefined;
    if (isText(schema, of)) {
      const text = (given ?? this.word) as string;
      if (text.includes(this.word)) this.filled.add(path);
      return text;
    }
    const { items, properties } = resolved(schema, of);
    if (textsIn(schema, of, path).length === 0) return given;
    if (items) return ((given ?? [undefined]) as unknown[]).map((each) => this.fill(items, of, each, `${path}[]`));
    const known = (given ?? {}) as Record<string, unknown>;
    return Object.fromEntries(
      Object.entries(properties ?? {}).map(([name, each]) => [
        name,
        this.fill(each, of, known[name], within(path, name)),
      ]),
    );
  }
}

const within = (path: string, name: string): string => (path.endsWith(' ') ? path + name : `${path}.${name}`);

/** The places of all texts that a value of the schema can hold. */
function textsIn(schema: Schema, of: Specification, path: string): string[] {
  if (isText(schema, of)) return [path];
  const { items, properties = {} } = resolved(schema, of);
  if (items) return textsIn(items, of, `${path}[]`);
  return Object.entries(properties).flatMap(([name, each]) => textsIn(each, of, within(path, name)));
}

function resolved(schema: Schema, of: Specification): Schema {
  if (schema.$ref) {
    const found = of.components.schemas[schema.$ref.replace('#/components/schemas/', '')];
    if (!found) throw new Error(`${schema.$ref} leads nowhere`);
    return resolved(found, of);
  }
  const parts = (schema.allOf ?? []).map((part) => resolved(part, of));
  return Object.assign({}, ...parts, schema, {
    properties: Object.assign({}, ...parts.map(({ properties }) => properties), schema.properties),
  });
}

function isText(schema: Schema, of: Specification): boolean {
  if (formed.test(schema.$ref ?? '')) return false;
  const { type, enum: words, format, pattern } = resolved(schema, of);
  return type === 'string' && !words && !format && !pattern?.startsWith('^[0-9a-fA-F]{8}-');
}
