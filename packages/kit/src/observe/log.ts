import { type Logger, type LoggerOptions, pino } from 'pino';
import { currentContext } from '../http/request-context.js';

export type { Logger };

// Fields that could carry a person's data or a credential. Ids are fine; names, contacts and contents are not.
const redacted = [
  'authorization',
  'cookie',
  'password',
  'token',
  'accessToken',
  'refreshToken',
  'body',
  'familyName',
  'givenNames',
  'birthName',
  'birthDate',
  'identifiers',
  'telecom',
  'address',
  'email',
  'phone',
  'reason',
  'note',
  'text',
];

/** Takes whole lines, each with its end. */
export interface Lines {
  write(line: string): void;
}

export interface LogOptions {
  /** Where lines go; absent: to stdout, one by one. */
  lines?: Lines;
}

/** JSON lines on stdout, each with the service, and within a request its id and trace. */
export function createLogger(service: string, level: string, { lines }: LogOptions = {}): Logger {
  const options: LoggerOptions = {
    level,
    base: { service },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: { paths: redacted.flatMap((name) => [name, `*.${name}`]), censor: '[redacted]' },
    serializers: { err: safeError },
    mixin: () => {
      const context = currentContext();
      return context ? { request_id: context.requestId, trace_id: context.traceId } : {};
    },
  };
  return lines ? pino(options, lines) : pino(options);
}

// The database's messages may quote the row that broke a constraint ("Key (email)=(…) already exists"), so of a
// driver's error only the parts that cannot hold data are logged.
function safeError(error: unknown): unknown {
  if (!(error instanceof Error)) return { type: typeof error };
  const { code, constraint } = error as { code?: unknown; constraint?: unknown };
  const isDriverError = 'sqlMessage' in error || 'severity' in error || constraint !== undefined;
  return {
    type: error.name,
    message: isDriverError ? `database error ${String(code)}` : error.message,
    code,
    constraint,
    stack: isDriverError
      ? error.stack
          ?.split('\n')
          .filter((line) => /^\s+at /.test(line))
          .join('\n')
      : error.stack,
    cause: error.cause instanceof Error ? safeError(error.cause) : undefined,
  };
}
