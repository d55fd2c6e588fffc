import type { Asked } from '@cabinet/access/policy';
import type { ErrorCode } from './contracts.ts';

type Json = Record<string, unknown>;

interface Operation extends Json {
  operationId: string;
  parameters?: ({ in: string; name: string } & Json)[];
  requestBody?: unknown;
  security?: Record<string, string[]>[];
  'x-access'?: Asked;
  responses: Record<string, { description: string; content?: Record<string, unknown> } & Json>;
}

/** Whom the access table lets in to what an operation says that it is; undefined: it does not know. */
export type RolesOf = (access: NonNullable<Operation['x-access']>) => string[] | undefined;

interface Specification extends Json {
  info: Json;
  paths: Record<string, Record<string, Operation>>;
  components: { schemas?: Record<string, unknown> } & Json;
}

const problemType = 'application/problem+json';

const descriptions: Record<string, string> = {
  400: 'The request is malformed',
  401: 'No token, or one that is not valid',
  403: 'Not allowed in this role, or not for this object',
  404: 'There is no such thing, or none you may see',
  409: 'A first request with this `Idempotency-Key` is still running',
  412: 'It was changed since you read it: `If-Match` names an old version',
  413: 'The body is too large',
  415: 'The content type is not taken',
  422: 'The request breaks a rule; `fields` says which',
  428: 'Say in `If-Match` which version you change',
  429: 'Too many requests; try again after `Retry-After` seconds',
  500: 'A defect; quote the `requestId` when you report it',
  503: 'A part that is needed cannot be reached; try again after `Retry-After` seconds',
};

/** The body of every error, for a specification in which no controller names it. */
const problemSchemas = {
  FieldError: {
    description: 'One field of a request that was refused.',
    properties: {
      code: { type: 'string' },
      message: { type: 'string' },
      path: { type: 'string', description: 'Written as in the body: `address.postalCode`, `givenNames[0]`.' },
    },
    required: ['path', 'code', 'message'],
    type: 'object',
  },
  Problem: {
    description: 'Problem details (RFC 9457) with a stable code.',
    properties: {
      code: { type: 'string', description: 'Stable and machine-readable.', example: 'REQUEST.INVALID' },
      detail: { type: 'string', description: 'What happened this time and what can be done about it.' },
      fields: { type: 'array', items: { $ref: '#/components/schemas/FieldError' } },
      requestId: { type: 'string', description: 'Quote it when asking for help.' },
      status: { type: 'number', format: 'double', example: 422 },
      title: { type: 'string', description: 'Short and the same for every occurrence.' },
      type: { type: 'string', example: 'urn:cabinet:problem:REQUEST.INVALID' },
    },
    required: ['type', 'title', 'status', 'code', 'fields', 'requestId'],
    type: 'object',
  },
};

/**
 * Completes what tsoa wrote: the errors that any operation of its kind can answer, all with the one problem body, the
 * service's error codes, and the roles that the access table lets in. Returns the text to commit, the same for the same input.
 */
export function completeSpecification(
  service: string,
  generated: string,
  errorCodes: Record<string, ErrorCode>,
  rolesOf: RolesOf = () => undefined,
): string {
  const specification = JSON.parse(generated) as Specification;
  specification.info = { ...specification.info, title: `Cabinet: ${service}` };
  for (const [path, operations] of Object.entries(specification.paths)) {
    for (const [method, operation] of Object.entries(operations)) {
      if (keepsAnswer(method, operation)) operation.parameters = [...(operation.parameters ?? []), idempotencyKey];
      completeOperation(path, operation);
      const roles = operation['x-access'] && rolesOf(operation['x-access']);
      if (roles) operation.security = [{ bearer: roles }];
    }
  }
  specification.components.schemas = { ...problemSchemas, ...specification.components.schemas };
  specification['x-error-codes'] = errorCodes;
  return `${JSON.stringify(sorted(specification), null, 2)}\n`;
}

/** What a known caller posts, but for what says `x-answer-kept: false`: questions with a body, and answers that hold secrets. */
const keepsAnswer = (method: string, operation: Operation): boolean =>
  method === 'post' &&
  (operation.security ?? []).some((scheme) => 'bearer' in scheme) &&
  operation['x-answer-kept'] !== false;

const idempotencyKey = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description:
    'Makes it safe to send the request again: the same key and body get the first answer again for 24 hours. ' +
    'Another body with the same key is 422, and 409 says that the first request is still running.',
  schema: { type: 'string', minLength: 1, maxLength: 255 },
  example: '019a8f3e-6f2b-7c55-9b1c-3f1b8f5f2d11',
};

function completeOperation(path: string, operation: Operation): void {
  operation.operationId = operation.operationId.replace(/^(\w+?)Controller\./, (_, name: string) => {
    return `${name.charAt(0).toLowerCase()}${name.slice(1)}.`;
  });
  for (const status of errorsOf(path, operation)) {
    operation.responses[status] ??= { description: descriptions[status] ?? 'Refused' };
  }
  for (const [status, response] of Object.entries(operation.responses)) {
    if (Number(status) < 400) continue;
    const told = response.content?.['application/json'] ?? { schema: { $ref: '#/components/schemas/Problem' } };
    response.content = { [problemType]: told };
  }
}

function errorsOf(path: string, operation: Operation): string[] {
  const isSecured = (operation.security ?? []).length > 0;
  const changesVersion = operation.parameters?.some(
    ({ in: place, name }) => place === 'header' && /^if-match$/i.test(name),
  );
  const isGivenValues = operation.requestBody || operation.parameters?.some(({ in: place }) => place !== 'header');
  return [
    '400',
    ...(isSecured ? ['401', '403'] : []),
    ...(path.includes('{') ? ['404'] : []),
    ...(operation.parameters?.includes(idempotencyKey) ? ['409'] : []),
    ...(changesVersion ? ['412', '428'] : []),
    ...(operation.requestBody ? ['413', '415'] : []),
    ...(isGivenValues ? ['422'] : []),
    '429',
    '500',
    '503',
  ];
}

/** The same value with the keys of every object in order, so that a change in it is the only change in the file. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, each]) => [key, sorted(each)]));
}
