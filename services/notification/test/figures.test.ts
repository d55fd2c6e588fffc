import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Caller, until } from '../../../tests/support/http.ts';
import type { SendOutcome } from '../src/domain/channel.js';
import { type NotificationService, startService } from './support.ts';

let service: NotificationService;
let admin: Caller;
beforeAll(async () => {
  // Half past midnight in Paris, on the day after.
  service = await startService({ now: '2026-11-20T23:30:00Z' });
  admin = await service.as({ roles: ['admin'] });
});
afterAll(() => service?.stop());

const figures = (from: string, to: string) => admin('GET', `/api/notifications/figures?firstDay=${from}&lastDay=${to}`);
const book = (patientId: string) => service.visit(patientId, '2026-12-08T08:30:00Z');

describe('GET /api/notifications/figures', () => {
  it('counts by the days of the practice what left, what did not and why, and says of whom in nothing', async () => {
    const [claire, paul, zoe] = [service.patient(), service.patient({ emails: [] }), service.patient()];
    service.email.answer = ({ to }) =>
      to === zoe.emails[0] ? { state: 'failed', class: 'permanent-address', text: '550 no such user' } : undefined;
    for (const { id } of [claire, paul, zoe]) await book(id);
    await service.settled();
    const { status, body } = await figures('2026-11-21', '2026-11-21');
    expect([status, body]).toEqual([
      200,
      {
        zone: 'Europe/Paris',
        items: [
          { day: '2026-11-21', channel: 'email', state: 'failed', why: 'permanent-address', count: 1 },
          { day: '2026-11-21', channel: 'email', state: 'sent', count: 1 },
          { day: '2026-11-21', channel: 'email', state: 'suppressed', why: 'no-address', count: 1 },
        ],
        overdue: { count: 0 },
      },
    ]);
    expect((await figures('2026-11-20', '2026-11-20')).body.items).toEqual([]);
    expect((await figures('2026-11-22', '2026-12-01')).body.items).toEqual([
      { day: '2026-12-01', channel: 'email', state: 'planned', count: 3 },
    ]);
  });

  it('says since when something is due that has not left', async () => {
    let answered = (_: SendOutcome | undefined) => {};
    service.email.answer = () =>
      new Promise((resolve) => {
        answered = resolve;
      });
    const { id } = service.patient();
    await book(id);
    const overdue = async () => (await figures('2026-11-21', '2026-11-21')).body.overdue;
    await until(async () => service.email.tried.some(({ to }) => to.startsWith(id)));
    expect(await overdue()).toEqual({ count: 1, since: '2026-11-20T23:30:00.000Z' });
    answered(undefined);
    await service.settled();
    expect(await overdue()).toEqual({ count: 0 });
  });

  it.each([
    ['the last day before the first', '2026-11-21', '2026-11-20', 'lastDay'],
    ['more than 31 days', '2026-11-01', '2026-12-02', 'lastDay'],
    ['a first day that does not exist', '2026-02-30', '2026-03-02', 'firstDay'],
    ['a last day that is none', '2026-11-01', 'today', 'lastDay'],
  ])('refuses %s', async (_, from, to, field) => {
    const { status, body } = await figures(from, to);
    expect(status).toBe(422);
    expect(body.fields.map(({ path }: { path: string }) => path)).toEqual([field]);
  });

  it('takes 31 days at once', async () => {
    expect((await figures('2026-11-01', '2026-12-01')).status).toBe(200);
  });

  it('is for the practice alone', async () => {
    const { id: patientId } = service.patient();
    const ask = async (claims: Parameters<typeof service.as>[0]) =>
      (await (await service.as(claims))('GET', '/api/notifications/figures?firstDay=2026-11-21&lastDay=2026-11-21'))
        .status;
    expect(await ask({ roles: ['patient'], patientId })).toBe(403);
    expect(await ask({ roles: ['practitioner'] })).toBe(200);
    expect(await ask({ roles: ['secretary'], delegated: [] })).toBe(200);
  });
});
