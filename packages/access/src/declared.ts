import type { OpenApi, Operation } from '@cabinet/kit/http/operations';
import { type Asked, type Policy, propertiesOf, type Question } from './policy.js';

const extension = 'x-access';

type Schema = NonNullable<NonNullable<OpenApi['components']>['schemas']>[string];
interface Described extends Operation {
  [extension]?: Asked;
  responses?: Record<string, { content?: Record<string, { schema?: Schema }> }>;
}

export interface Declared {
  questions: Map<Operation, Question>;
  /** A line for each operation that says nothing, and for each operation or property that the table does not know. */
  problems: string[];
}

/** What each operation of known callers says in `x-access` that it is in the table. */
export function readDeclared({ paths = {}, components }: OpenApi, policy: Policy): Declared {
  const questions = new Map<Operation, Question>();
  const problems: string[] = [];
  for (const [path, all] of Object.entries(paths)) {
    for (const [method, operation] of Object.entries<Described>(all)) {
      const name = `${method.toUpperCase()} ${path}`;
      const asked = operation[extension];
      if (!asked) {
        if (isForKnown(operation))
          problems.push(`${name}: does not say in ${extension} what it is in the access table`);
        continue;
      }
      const question = policy.find(asked);
      if (!question) {
        const { resource, action, channel } = asked;
        problems.push(`${name}: the access table does not know: ${resource} ${action} ${channel}`);
        continue;
      }
      questions.set(operation, question);
      const schemas = new Schemas(components?.schemas);
      problems.push(...answersOf(operation).flatMap((answer) => problemsOf(question, schemas.shownIn(answer), name)));
    }
  }
  return { questions, problems };
}

const isForKnown = ({ security = [] }: Operation): boolean => security.some((scheme) => 'bearer' in scheme);

const answersOf = ({ responses = {} }: Described): Schema[] =>
  Object.entries(responses)
    .filter(([status]) => status.startsWith('2'))
    .map(([, { content = {} }]) => content['application/json']?.schema)
    .filter((schema) => schema !== undefined);

function problemsOf({ asked, resource, rules }: Question, shown: Schema, name: string): string[] {
  const known = new Set(propertiesOf(resource, 'all'));
  const unknown = Object.keys(shown.properties ?? {}).filter((property) => !known.has(property));
  // What some do not see must not be promised to all.
  const seenByAll = rules.map(({ sees }) => new Set(propertiesOf(resource, sees)));
  const promised = (shown.required ?? []).filter((property) => seenByAll.some((seen) => !seen.has(property)));
  return [
    ...unknown.map((property) => `${name}: the access table knows no property ${property} of ${asked.resource}`),
    ...promised
      .filter((property) => known.has(property))
      .map((property) => `${name}: not everybody sees ${asked.resource} ${property}, so its form must not require it`),
  ];
}

class Schemas {
  constructor(private readonly schemas: Record<string, Schema> = {}) {}

  /** The form of what an answer is about: of each of its items, where it has some, with what is said of them together. */
  shownIn(answer: Schema): Schema {
    const it = this.whole(answer);
    const { items, nextCursor: _, ...together } = it.properties ?? {};
    if (!items?.items) return it;
    const { properties, ...item } = this.whole(items.items);
    return { ...item, properties: { ...together, ...properties } };
  }

  private whole(schema: Schema): Schema {
    const meant = schema.$ref ? (this.schemas[schema.$ref.split('/').at(-1) as string] ?? {}) : schema;
    const parts = (meant.allOf ?? []).map((part) => this.whole(part));
    return {
      ...meant,
      properties: Object.assign({}, ...parts.map(({ properties }) => properties), meant.properties),
      required: [...parts.flatMap(({ required = [] }) => required), ...(meant.required ?? [])],
    };
  }
}
