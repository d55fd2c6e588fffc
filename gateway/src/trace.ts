import type { IncomingHttpHeaders } from 'node:http';
import { type ServerSpan, startServerSpan } from '@cabinet/kit';
import { randomHex } from './random-hex.js';

export type StartSpan = (method: string, incoming: IncomingHttpHeaders) => ServerSpan;

/** Spans cost as much as the rest of a small request, so without anybody to send them to only their ids travel on. */
export const spanStarter = (isExported: boolean): StartSpan => (isExported ? startServerSpan : passTraceOn);

// W3C Trace Context, section 3.2; ids of nothing but zeros are not valid.
const validParent = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})(?:$|-)/;

function passTraceOn(_method: string, { traceparent, tracestate }: IncomingHttpHeaders): ServerSpan {
  const [, parentTraceId, flags] = (typeof traceparent === 'string' && validParent.exec(traceparent)) || [];
  const traceId = parentTraceId ?? randomHex(16);
  const headers: Record<string, string> = { traceparent: `00-${traceId}-${randomHex(8)}-${flags ?? '01'}` };
  if (parentTraceId && typeof tracestate === 'string') headers.tracestate = tracestate;
  return { traceId, headers, end: () => {} };
}
