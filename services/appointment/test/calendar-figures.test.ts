import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Caller } from '../../../tests/support/http.ts';
import { buildPractitioner, type Practice, startPractice } from './support.ts';
import { icsOf, startWebServer, type WebServer } from './web-server.ts';

let web: WebServer;
let practice: Practice;
let secretary: Caller;

const now = new Date('2026-11-20T10:00:00Z');

beforeAll(async () => {
  web = await startWebServer((request, response) => {
    const isGone = request.url === '/gone.ics' && practice.clock.now() > now;
    response.writeHead(isGone ? 404 : 200, { 'content-type': 'text/calendar' });
    response.end(icsOf('2026-11-23T09:00:00Z'));
  });
  practice = await startPractice(now.toISOString(), {
    settings: { CALENDAR_PRIVATE_HOSTS: [web.host], CALENDAR_POLL_SECONDS: 86_400 },
  });
  secretary = await practice.as({ roles: ['secretary'] });
});
afterAll(async () => {
  await practice?.stop();
  await web?.stop();
});

/** The states that any calendar is in, of the kinds that metrics tell of. */
async function figures(): Promise<{ counts: Record<string, number>; series: number }> {
  const { body } = await secretary('GET', '/metrics');
  const lines = [...String(body).matchAll(/^calendars\{kind="(\w+)",state="([\w-]+)"[^}]*\} (\d+)$/gm)];
  const counts = lines
    .filter(([, , , count]) => count !== '0')
    .map(([, kind, state, n]) => [`${kind} ${state}`, Number(n)]);
  return { counts: Object.fromEntries(counts), series: lines.length };
}

it('tells how many calendars of each kind are known how well, and names none', async () => {
  expect(await figures()).toEqual({ counts: {}, series: 15 });
  const { practitionerId } = await buildPractitioner(practice);
  for (const name of ['kept', 'gone']) {
    const wanted = { practitionerId, kind: 'ics', name, url: `${web.url}/${name}.ics` };
    expect((await secretary('POST', '/api/calendars', wanted)).status).toBe(201);
  }
  expect((await figures()).counts).toEqual({ 'ics fresh': 2 });

  practice.clock.set(new Date(now.getTime() + 2 * 86_400_000));
  expect((await figures()).counts).toEqual({ 'ics stale': 2 });

  const { items } = (await secretary('GET', `/api/calendars?practitionerId=${practitionerId}`)).body;
  for (const { id } of items) await secretary('POST', `/api/calendars/${id}/sync`);
  expect((await figures()).counts).toEqual({ 'ics fresh': 1, 'ics failing': 1 });
});
