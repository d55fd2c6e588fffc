import type { IncomingHttpHeaders } from 'node:http';
import { tracer } from '@cabinet/kit/observe/tracing';
import { propagation, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { randomHex } from './random-hex.js';

export interface ServerSpan {
  traceId: string;
  /** Carry the trace on to the next process: `{ traceparent, tracestate? }`. */
  headers: Record<string, string>;
  end(route: string, status: number): void;
}

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

/** Opens the server span of a request that no Express app sees, as a child of the caller's valid `traceparent`. */
function startServerSpan(method: string, incoming: IncomingHttpHeaders): ServerSpan {
  const parent = propagation.extract(ROOT_CONTEXT, incoming);
  const span = tracer().startSpan(method, { kind: SpanKind.SERVER }, parent);
  const headers: Record<string, string> = {};
  propagation.inject(trace.setSpan(parent, span), headers);
  return {
    traceId: span.spanContext().traceId,
    headers,
    end(route, status) {
      span.updateName(`${method} ${route}`);
      span.setAttributes({ 'http.request.method': method, 'http.route': route, 'http.response.status_code': status });
      if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
      span.end();
    },
  };
}
