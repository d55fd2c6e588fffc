import { context, propagation, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { RequestHandler } from 'express';
import { routePattern } from './metrics.js';
import { TraceIds } from './trace-ids.js';

/**
 * Starts tracing. Spans are made by hand where a request enters or leaves, so that nothing patches the libraries.
 * Without an endpoint trace ids still travel (and stand in the logs), only nothing is exported.
 * @returns a function that sends what is left, for the end of the process.
 */
export async function startTracing(service: string, endpoint?: string): Promise<() => Promise<void>> {
  const { AsyncLocalStorageContextManager } = await import('@opentelemetry/context-async-hooks');
  const { W3CTraceContextPropagator } = await import('@opentelemetry/core');
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  if (!endpoint) {
    trace.setGlobalTracerProvider(new TraceIds());
    return async () => {};
  }
  // Loaded only where spans go somewhere.
  const { TracerProvider, BatchSpanProcessor } = await import('@opentelemetry/sdk-trace');
  const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-http');
  const { resourceFromAttributes } = await import('@opentelemetry/resources');
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': service }),
    spanProcessors: [new BatchSpanProcessor({ exporter: new OTLPTraceExporter({ url: `${endpoint}/v1/traces` }) })],
  });
  trace.setGlobalTracerProvider(provider);
  return () => provider.shutdown();
}

export const tracer = () => trace.getTracer('cabinet');

/** Opens the server span of a request, as a child of the caller's `traceparent` when there is a valid one. */
export const traceRequests: RequestHandler = (req, res, next) => {
  const parent = propagation.extract(context.active(), req.headers);
  const span = tracer().startSpan(req.method, { kind: SpanKind.SERVER }, parent);
  res.on('close', () => {
    span.updateName(`${req.method} ${routePattern(req)}`);
    span.setAttributes({
      'http.request.method': req.method,
      'http.route': routePattern(req),
      'http.response.status_code': res.statusCode,
    });
    if (res.statusCode >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
    span.end();
  });
  context.with(trace.setSpan(parent, span), next);
};

/** Headers that carry the current trace to a neighbour: `{}` or `{ traceparent, tracestate? }`. */
export function traceHeaders(): Record<string, string> {
  const headers: Record<string, string> = {};
  propagation.inject(context.active(), headers);
  return headers;
}

export const currentTraceId = (): string | undefined => trace.getSpanContext(context.active())?.traceId;

/** Runs `work` in a span of the current trace; a thrown error marks the span and is passed on. */
export async function inSpan<T>(
  name: string,
  kind: 'client' | 'internal',
  work: (span: Span) => Promise<T>,
): Promise<T> {
  const active = context.active();
  const span = tracer().startSpan(name, { kind: kind === 'client' ? SpanKind.CLIENT : SpanKind.INTERNAL }, active);
  try {
    return await context.with(trace.setSpan(active, span), () => work(span));
  } catch (error) {
    span.setStatus({ code: SpanStatusCode.ERROR });
    throw error;
  } finally {
    span.end();
  }
}

/** The spans of messages that are sent or handled together, each in its own message's trace. */
export interface Spans {
  traceIds: string[];
  /** What carries each trace on: `{ traceparent, tracestate? }`. */
  headers: Record<string, string>[];
  /** Runs `work` in the first span and ends all; a thrown error marks them and is passed on. */
  run<T>(work: () => Promise<T>): Promise<T>;
}

interface Message {
  type: string;
  traceparent?: string;
}

export const startProducerSpans = (messages: Message[]): Spans => startSpans('publish', SpanKind.PRODUCER, messages);
export const startConsumerSpans = (messages: Message[]): Spans => startSpans('consume', SpanKind.CONSUMER, messages);

function startSpans(doing: string, kind: SpanKind, messages: Message[]): Spans {
  const contexts = messages.map(({ type, traceparent }) => {
    const parent = propagation.extract(context.active(), { traceparent });
    return trace.setSpan(parent, tracer().startSpan(`${doing} ${type}`, { kind }, parent));
  });
  const spans = contexts.map((each) => trace.getSpan(each) as Span);
  return {
    traceIds: spans.map((span) => span.spanContext().traceId),
    headers: contexts.map((each) => {
      const headers: Record<string, string> = {};
      propagation.inject(each, headers);
      return headers;
    }),
    async run(work) {
      try {
        return await context.with(contexts[0] ?? context.active(), work);
      } catch (error) {
        for (const span of spans) span.setStatus({ code: SpanStatusCode.ERROR });
        throw error;
      } finally {
        for (const span of spans) span.end();
      }
    },
  };
}
