/** What the API says when it refuses: problem details (RFC 9457), the same from every process. */
export interface Problem {
  status: number;
  code: string;
  title: string;
  detail?: string;
  fields: { path: string; code: string; message: string }[];
  requestId: string;
  /** Further members, such as `nextFreeSlots`. */
  [more: string]: unknown;
}

/** The API refused. */
export class Refused extends Error {
  constructor(
    readonly problem: Problem,
    /** Seconds after which another try makes sense, where the answer says so. */
    readonly retryAfterSeconds?: number,
  ) {
    super(`${problem.code} (${problem.status})`);
    this.name = 'Refused';
  }
}

/** No answer came: whether what was asked has happened is not known, so it is asked again under the same key. */
export class Unreachable extends Error {
  constructor(cause: unknown) {
    super('no answer', { cause });
    this.name = 'Unreachable';
  }
}

/** Whether asking again by itself may help: nobody answered, or what was asked is away for a moment. */
export const isPassing = (error: unknown): boolean =>
  error instanceof Unreachable || (error instanceof Refused && [502, 503, 504].includes(error.problem.status));

export const problemOf = (error: unknown): Problem | undefined =>
  error instanceof Refused ? error.problem : undefined;

const isProblem = (body: unknown): body is Problem =>
  typeof body === 'object' && body !== null && typeof (body as Problem).code === 'string';

/** @param body what came with a status of 400 or more; a proxy in between may have sent anything */
export function refusalOf(response: Response, body: unknown): Refused {
  const known = isProblem(body) ? body : undefined;
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  const problem: Problem = {
    ...known,
    status: response.status,
    code: known?.code ?? `HTTP.${response.status}`,
    title: known?.title ?? '',
    fields: known?.fields ?? [],
    requestId: known?.requestId ?? response.headers.get('x-request-id') ?? '',
  };
  return new Refused(problem, Number.isFinite(seconds) ? seconds : undefined);
}
