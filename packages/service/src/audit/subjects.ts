import { ConfigurationError } from '@cabinet/kit/config';
import type { OpenApi, Operation, Operations } from '@cabinet/kit/http/operations';
import { currentContext } from '@cabinet/kit/http/request-context';
import { isId } from '@cabinet/kit/ids';
import type { Request, RequestHandler } from 'express';
import type { Ending } from '../http/before-answer.js';

/** Says that the request at hand reads or changes data of these people; what is said is in the audit trail. */
export function noteSubjects(...ids: (string | undefined)[]): void {
  const context = currentContext();
  if (!context) return;
  context.subjects ??= new Set();
  for (const id of ids) if (id) context.subjects.add(id);
}

/**
 * Says why the request at hand sees what it sees, and for whom, where the access table does not: `ETREAT` when the glass is
 * broken, a practitioner for whom a delegate acts. One request that is for several people is for nobody in particular.
 */
export function noteReason({ purpose, onBehalfOf }: { purpose?: string; onBehalfOf?: string }): void {
  const context = currentContext();
  if (!context) return;
  if (purpose) context.purpose = purpose;
  if (!onBehalfOf) return;
  const isFirst = context.onBehalfOf === undefined;
  context.onBehalfOf = isFirst || context.onBehalfOf === onBehalfOf ? onBehalfOf : null;
}

/** Where ids of people stand: in the request, and in its answer. */
interface Places {
  asked: string[][];
  answered: string[][];
}

const extension = 'x-audit-subjects';

/**
 * What each operation says in `x-audit-subjects` of the people whose data it reads or changes, as places where their ids
 * stand: `path.id`, `query.patientId`, `body.patientId`, `answer.items.patientId` (of each item). `noted`: the use case
 * says it, since only what is stored can tell. An empty list: nobody's data.
 */
export class DeclaredSubjects {
  private readonly places = new Map<Operation, Places>();
  private readonly placesOf = new WeakMap<Request, Places>();

  /** @throws ConfigurationError for an operation of known callers that does not say whose data it is about */
  constructor(
    { paths = {} }: OpenApi,
    private readonly operations: Operations,
  ) {
    const problems: string[] = [];
    for (const [path, all] of Object.entries(paths)) {
      for (const [method, operation] of Object.entries(all)) {
        const declared = (operation as Record<string, unknown>)[extension];
        if (declared === undefined && isPublic(operation)) continue;
        const places = readPlaces(declared);
        if (places) this.places.set(operation, places);
        else problems.push(`${method.toUpperCase()} ${path}: does not say in ${extension} whose data it is about`);
      }
    }
    if (problems.length > 0) throw new ConfigurationError(problems);
  }

  /** Notes the people whom a request names, and what the request is for; mounted before anything can refuse it. */
  readonly noteAsked: RequestHandler = (req, _res, next) => {
    const matched = this.operations.match(req.method, req.path);
    const context = currentContext();
    if (matched && context) {
      context.action = `${req.method} ${matched.route}`;
      context.operation = matched.operation;
      const places = this.places.get(matched.operation);
      if (places) this.placesOf.set(req, places);
      this.note({ path: matched.params, query: req.query, body: req.body }, places?.asked ?? []);
    }
    next();
  };

  /** Notes the people in an answer, unless that is a refusal. */
  readonly noteAnswered = (req: Request, { status, value }: Ending): void => {
    if (status < 400 && value !== undefined) this.note(value, this.placesOf.get(req)?.answered ?? []);
  };

  private note(value: unknown, places: string[][]): void {
    const found = places.flatMap((place) => valuesAt(value, place));
    // What is no id is left out: anything can be written in the place of one.
    const ids = found.filter((each) => typeof each === 'string' && isId(each)) as string[];
    noteSubjects(...ids.map((id) => id.toLowerCase()));
  }
}

const isPublic = ({ security = [] }: Operation): boolean => !security.some((scheme) => 'bearer' in scheme);

const ofRequest = ['path', 'query', 'body'];

function readPlaces(declared: unknown): Places | undefined {
  if (declared === 'noted') return { asked: [], answered: [] };
  if (!Array.isArray(declared)) return undefined;
  const places = declared.map((place) => String(place).split('.'));
  if (!places.every(([where = '']) => where === 'answer' || ofRequest.includes(where))) return undefined;
  return {
    asked: places.filter(([where]) => where !== 'answer'),
    answered: places.filter(([where]) => where === 'answer').map(([, ...rest]) => rest),
  };
}

/** All that stands at a place; of a list, in each of its items. */
function valuesAt(value: unknown, [name, ...rest]: string[]): unknown[] {
  if (Array.isArray(value)) return value.flatMap((item) => valuesAt(item, name === undefined ? [] : [name, ...rest]));
  if (name === undefined) return [value];
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return [];
  return valuesAt((value as Record<string, unknown>)[name], rest);
}
