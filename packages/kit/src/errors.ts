/** One field of a request that was refused. `path` is written as in the body: `address.postalCode`, `givenNames[0]`. */
export interface FieldError {
  /** @example "address.postalCode" */
  path: string;
  /** Stable and machine-readable.
   * @example "REQUIRED" */
  code: string;
  /** What is wrong, for people.
   * @example "is required" */
  message: string;
}

/** Kinds of refusal; each has one status, known to the kit alone (see http/problem.ts). */
export type ErrorKind =
  | 'malformed'
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'not-found'
  | 'conflict'
  | 'gone'
  | 'precondition-failed'
  | 'precondition-required'
  | 'too-large'
  | 'unsupported-media-type'
  | 'limit-reached'
  | 'unavailable'
  | 'method-not-allowed'
  | 'timeout'
  | 'address-too-long'
  | 'headers-too-large'
  | 'bad-upstream-answer'
  | 'upstream-timeout'
  | 'not-implemented'
  | 'version-not-supported';

export interface DomainErrorDetails {
  /** What the caller can do about it, in one sentence without personal data. */
  detail?: string;
  fields?: FieldError[];
  /** Seconds after which a further try makes sense; sent as `Retry-After`. */
  retryAfterSeconds?: number;
  /** Further members of the problem body, such as the next free slots. */
  extensions?: Record<string, unknown>;
  cause?: unknown;
}

/** A refusal that callers are expected to meet. Everything else that is thrown is a defect and answers 500. */
export class DomainError extends Error {
  readonly detail?: string;
  readonly fields: FieldError[];
  readonly retryAfterSeconds?: number;
  readonly extensions: Record<string, unknown>;

  constructor(
    readonly kind: ErrorKind,
    /** Stable, machine-readable: `APPOINTMENT.SLOT_TAKEN`. */
    readonly code: string,
    title: string,
    details: DomainErrorDetails = {},
  ) {
    super(title, { cause: details.cause });
    this.name = new.target.name;
    this.detail = details.detail;
    this.fields = details.fields ?? [];
    this.retryAfterSeconds = details.retryAfterSeconds;
    this.extensions = details.extensions ?? {};
  }
}

/** A value that is understood but breaks a rule: 422 with the fields concerned. */
export class InvalidInput extends DomainError {
  constructor(fields: FieldError[], code = 'REQUEST.INVALID', title = 'The request breaks a rule') {
    super('invalid', code, title, { fields, detail: fields.map((f) => `${f.path}: ${f.message}`).join('; ') });
  }
}

export const invalidField = (path: string, code: string, message: string): InvalidInput =>
  new InvalidInput([{ path, code, message }]);

export class NotFound extends DomainError {
  constructor(code: string, title: string, details?: DomainErrorDetails) {
    super('not-found', code, title, details);
  }
}

export class Conflict extends DomainError {
  constructor(code: string, title: string, details?: DomainErrorDetails) {
    super('conflict', code, title, details);
  }
}

export class NotAllowed extends DomainError {
  constructor(code = 'ACCESS.FORBIDDEN', title = 'You may not do this', details?: DomainErrorDetails) {
    super('forbidden', code, title, details);
  }
}

export class NotAuthenticated extends DomainError {
  constructor(code = 'ACCESS.TOKEN_MISSING', title = 'Sign in first', details?: DomainErrorDetails) {
    super('unauthenticated', code, title, details);
  }
}

/** A part that is needed for the answer cannot be reached: never answered by a guess. */
export class Unavailable extends DomainError {
  constructor(code: string, title: string, details: DomainErrorDetails = {}) {
    super('unavailable', code, title, { retryAfterSeconds: 5, ...details });
  }
}

/** Gathers what is wrong with a request, so that the caller hears of all of it at once. */
export class FieldErrors {
  readonly fields: FieldError[] = [];

  add(path: string, code: string, message: string): void {
    this.fields.push({ path, code, message });
  }

  /** Gathers that a list has more than `max` items. */
  atMost(max: number, path: string, { length }: readonly unknown[]): void {
    if (length > max) this.add(path, 'TOO_MANY', `has more than ${max}`);
  }

  /** What `read` gives; undefined when it refuses a value, and what is wrong with that is gathered with the rest. */
  take<T>(read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      return this.refusal(error);
    }
  }

  /** The same for what is waited for: `await find(id).catch(errors.refusal)`. */
  readonly refusal = (error: unknown): undefined => {
    if (!(error instanceof InvalidInput)) throw error;
    this.fields.push(...error.fields);
  };

  /** @throws InvalidInput (422) when anything was gathered */
  throwIfAny(): void {
    if (this.fields.length > 0) throw new InvalidInput(this.fields);
  }
}
