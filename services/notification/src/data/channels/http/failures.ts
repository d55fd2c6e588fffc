import { type Failed, failed } from '../outcome.js';
import { NoAnswer, type NoAnswerKind, type OutboundAnswer } from './outbound.js';

const waitSecondsMax = 24 * 3_600;

/** Seconds or a date (RFC 9110, section 10.2.3). @returns seconds from now, a day at most; undefined for nonsense */
export function retryAfterSecondsOf({ 'retry-after': value, date }: OutboundAnswer['headers']): number | undefined {
  if (value === undefined) return undefined;
  // Both times are the server's own, so that its clock need not agree with ours.
  const seconds = /^\d+$/.test(value) ? Number(value) : (Date.parse(value) - Date.parse(date ?? '')) / 1_000;
  return Number.isNaN(seconds) ? undefined : Math.min(Math.max(Math.ceil(seconds), 0), waitSecondsMax);
}

const sentences: Record<NoAnswerKind, string> = {
  'address-refused': 'leads to no public address',
  unreachable: 'could not be reached',
  certificate: 'shows no certificate that can be trusted',
  'cut-off': 'cut the connection before it answered',
  'timed-out': 'did not answer in time',
  stopped: 'was not waited for',
};

const classes: Partial<Record<NoAnswerKind, Failed['class']>> = {
  'address-refused': 'permanent-address',
  certificate: 'configuration',
};

/** What it means that nobody answered. @throws what is no NoAnswer: a defect of ours */
export function failedWithoutAnswer(who: string, error: unknown): Failed {
  if (!(error instanceof NoAnswer)) throw error;
  const { kind, mayHaveArrived } = error;
  const doubt = mayHaveArrived ? '; it may have been sent' : '';
  return failed(classes[kind] ?? 'temporary', `${who} ${sentences[kind]}${doubt}`, { isUncertain: mayHaveArrived });
}

/** Answers after which nobody knows whether it was done. */
const uncertain = [500, 502, 504];

/** What a status means that the protocol gives no meaning of its own. @param said what the answer says, where it is known */
export function failedByStatus(who: string, { status, headers }: OutboundAnswer, said = ''): Failed {
  const text = `${who} answered ${status}${said && `: ${said}`}`;
  const wait = { retryAfterSeconds: retryAfterSecondsOf(headers) };
  if (status === 429) return failed('rate-limited', text, wait);
  if (status === 408 || status === 425) return failed('temporary', text, wait);
  if (status >= 500) return failed('temporary', text, { ...wait, isUncertain: uncertain.includes(status) });
  if (status === 400 || status === 413 || status === 422) return failed('permanent-content', text);
  return failed('configuration', text);
}
