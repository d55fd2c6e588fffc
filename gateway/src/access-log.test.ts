import { createLogger } from '@cabinet/kit/observe/log';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AccessEntry, AccessLog } from './access-log.js';

const texts = fc.string({ unit: 'binary' });
const entries: fc.Arbitrary<AccessEntry> = fc.record({
  request_id: texts,
  trace_id: texts,
  method: texts,
  route: texts,
  status: fc.integer({ min: 100, max: 599 }),
  duration_ms: fc.integer({ min: 0, max: 1_000_000 }).map((tenths) => tenths / 10),
  service_name: fc.option(texts, { nil: undefined }),
  instance: fc.option(texts, { nil: undefined }),
  stale: fc.option(fc.constant(true as const), { nil: undefined }),
  tries: fc.option(fc.integer({ min: 2, max: 3 }), { nil: undefined }),
});

const gather = () => {
  const written: string[] = [];
  return { written, lines: { write: (line: string) => written.push(line) } };
};

describe('the access log', () => {
  it('says whatever it is told as the logger would, but for the time', () => {
    fc.assert(
      fc.property(entries, (entry) => {
        const { written, lines } = gather();
        const log = createLogger('gateway', 'info', { lines });
        log.child({}, { redact: [] }).info(entry, 'request');
        new AccessLog(log, lines).write('info', entry, 'request');
        const [usual, own] = written.map((line) => JSON.parse(line));
        expect(written.every((line) => line.endsWith('}\n') && !line.slice(0, -1).includes('\n'))).toBe(true);
        expect({ ...own, time: '' }).toEqual({ ...usual, time: '' });
        expect(Math.abs(Date.parse(own.time) - Date.parse(usual.time))).toBeLessThan(60_000);
        expect(own.time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      }),
    );
  });

  it('leaves out what is below the level of the log', () => {
    const { written, lines } = gather();
    const log = createLogger('gateway', 'warn', { lines });
    const entry = { request_id: 'a', trace_id: 'b', method: 'GET', route: '/health', status: 200, duration_ms: 1 };
    for (const level of ['debug', 'info', 'warn'] as const) new AccessLog(log, lines).write(level, entry, 'request');
    expect(written.map((line) => JSON.parse(line).level)).toEqual(['warn']);
  });
});
