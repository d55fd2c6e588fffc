import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RadicaleServer, startRadicale } from '../../../tests/support/radicale.ts';
import { CalDav } from '../src/data/calendars/caldav/caldav.js';
import { DavClient } from '../src/data/calendars/caldav/dav-client.js';
import { EgressClient } from '../src/data/calendars/egress/egress-client.js';
import { ProviderPolicies } from '../src/data/calendars/egress/provider-policies.js';
import { IsolatedReader } from '../src/data/calendars/ics/isolated-reader.js';
import { type CalendarEvent, uidOf } from '../src/domain/calendars/event.js';

let radicale: RadicaleServer;
let caldav: CalDav;
let egress: EgressClient;
const reader = new IsolatedReader();

beforeAll(async () => {
  radicale = await startRadicale();
  egress = new EgressClient({ privateHosts: ['127.0.0.1'], timeoutMs: 5_000 }, new AbortController().signal);
  caldav = new CalDav(new DavClient(egress, new ProviderPolicies(), reader), reader);
});
afterAll(async () => {
  egress?.close();
  reader.stop();
  await radicale?.stop();
});

/** What becomes of an appointment, how often each state is written, and whether we remember what we wrote. */
const histories = fc.array(
  fc.record({
    minutes: fc.integer({ min: 0, max: 10_000 }),
    isCancelled: fc.boolean(),
    times: fc.integer({ min: 1, max: 3 }),
    isForgotten: fc.boolean(),
  }),
  { minLength: 1, maxLength: 5 },
);

describe('the law of writing', () => {
  it('is that the last state stands there, once, however often each was written and what was remembered of it', async () => {
    const { username, password } = radicale;
    const url = await radicale.makeCalendar('law');
    const access = { kind: 'caldav' as const, url, username, password };
    await fc.assert(
      fc.asyncProperty(histories, async (history) => {
        const appointmentId = randomUUID();
        let etag: string | undefined;
        for (const [sequence, { minutes, isCancelled, times, isForgotten }] of history.entries()) {
          const start = new Date(Date.parse('2026-11-23T08:00:00Z') + minutes * 60_000);
          const event: CalendarEvent = {
            appointmentId,
            uid: uidOf(appointmentId),
            sequence,
            start,
            end: new Date(start.getTime() + 30 * 60_000),
            status: isCancelled ? 'CANCELLED' : 'CONFIRMED',
            summary: 'Consultation',
            stamp: new Date('2026-11-20T10:00:00Z'),
          };
          for (let time = 0; time < times; time += 1) {
            const written = await caldav.write(access, event, isForgotten ? undefined : etag);
            etag = written.etag;
          }
        }
        const { status, body } = await radicale.ask('GET', `/${username}/law/${appointmentId}.ics`);
        const last = history.at(-1);
        if (last?.isCancelled) {
          expect(status).toBe(404);
          return;
        }
        const start = new Date(Date.parse('2026-11-23T08:00:00Z') + (last?.minutes ?? 0) * 60_000);
        const compact = start.toISOString().slice(0, 19).replace(/[-:]/g, '');
        expect([status, body]).toEqual([200, expect.stringContaining(`DTSTART:${compact}Z`)]);
        expect(body).toContain(`SEQUENCE:${history.length - 1}`);
        expect(body.match(/BEGIN:VEVENT/g)).toHaveLength(1);
      }),
      { numRuns: 12 },
    );
  });
});
