import { context, trace } from '@opentelemetry/api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { currentTraceId, inSpan, startTracing, traceHeaders } from './tracing.js';

describe('tracing that goes nowhere', () => {
  let stop: () => Promise<void>;
  beforeAll(async () => {
    stop = await startTracing('test');
  });
  afterAll(async () => {
    await stop();
    trace.disable();
    context.disable();
  });

  it('begins a trace with an id of its own, which a neighbour is sent', async () => {
    const ids: (string | undefined)[] = [];
    for (let times = 0; times < 2; times += 1) {
      await inSpan('work', 'internal', async () => {
        ids.push(currentTraceId());
        expect(traceHeaders().traceparent).toMatch(new RegExp(`^00-${currentTraceId()}-[0-9a-f]{16}-01$`));
      });
    }
    expect(new Set(ids).size).toBe(2);
    expect(currentTraceId()).toBeUndefined();
  });

  it('carries a trace on, with a span of its own and as sampled as it came', async () => {
    const caller = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: 0 };
    await context.with(trace.setSpanContext(context.active(), caller), () =>
      inSpan('ask', 'client', async () => {
        const { traceparent } = traceHeaders();
        expect(traceparent).toMatch(/^00-a{32}-[0-9a-f]{16}-00$/);
        expect(traceparent).not.toContain(caller.spanId);
      }),
    );
  });

  it('runs work in a span that is active for it', () => {
    const active = trace.getTracer('test').startActiveSpan('work', (span) => {
      expect(trace.getActiveSpan()).toBe(span);
      return currentTraceId();
    });
    expect(active).toMatch(/^[0-9a-f]{32}$/);
  });
});
