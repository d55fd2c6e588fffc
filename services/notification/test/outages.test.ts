import { afterEach, describe, expect, it } from 'vitest';
import { cutOff } from '../../../tests/support/database.ts';
import { until } from '../../../tests/support/http.ts';
import { type NotificationService, startService } from './support.ts';

let service: NotificationService | undefined;
afterEach(async () => {
  await service?.stop();
  service = undefined;
});
const begin = async (options: Parameters<typeof startService>[0] = {}) => {
  service = await startService(options);
  return service;
};
const start = '2026-12-08T08:30:00Z';

describe('a provider that asks for patience', () => {
  it('gets nothing before the time that it named, however many ask for it meanwhile', async () => {
    const its = await begin();
    its.email.answer = ({ attempt }) =>
      attempt === 1 ? { state: 'failed', class: 'rate-limited', text: '429', retryAfterSeconds: 7_200 } : undefined;
    const { visit } = await its.visit(its.patient().id, start);
    await its.settled();
    for (const at of ['2026-11-20T10:30:00Z', '2026-11-20T11:59:00Z']) await its.at(at);
    expect(its.email.tried).toHaveLength(1);
    expect((await its.ledger(visit.id))[0]).toMatchObject({ state: 'planned', failure_class: 'rate-limited' });
    await its.at('2026-11-20T12:00:01Z');
    expect((await its.ledger(visit.id))[0]).toMatchObject({ state: 'sent', attempts: 2, failure_class: null });
  });
});

describe('a broker that is away', () => {
  it('keeps no message from leaving, and hears of each once it is back', async () => {
    const its = await begin();
    its.broker.failsWith = new Error('away');
    const people = Array.from({ length: 5 }, () => its.patient());
    for (const { id } of people) await its.visit(id, start);
    await its.settled();
    expect(its.email.sent).toHaveLength(5);
    expect(its.published).toEqual([]);
    its.broker.failsWith = undefined;
    for (const { id } of people) expect(await its.told(id, 1)).toEqual(['notification.sent']);
  });
});

const weekBefore = (its: NotificationService, visits: readonly { id: string }[]) =>
  Promise.all(visits.map(async ({ id }) => (await its.ledger(id)).find(({ step }) => step === 'P7D')));

describe('a database that is away', () => {
  it('for a moment just as messages leave hears what came of each, also where no provider can be asked', async () => {
    const its = await begin();
    const visits: { id: string }[] = [];
    for (let nth = 0; nth < 12; nth += 1) visits.push((await its.visit(its.patient().id, start)).visit);
    await its.settled();
    its.email.tried.length = 0;
    const allAreOnTheirWay = Promise.withResolvers<unknown>();
    its.email.answer = async () => {
      if (its.email.tried.length === visits.length) allAreOnTheirWay.resolve(cutOff(its.sql));
      await allAreOnTheirWay.promise;
      return undefined;
    };
    its.clock.set(new Date('2026-12-01T09:00:00Z'));
    await until(async () => (await weekBefore(its, visits)).every((line) => line?.state === 'sent'));
    expect(its.email.tried).toHaveLength(visits.length);
    expect((await weekBefore(its, visits)).filter((line) => line?.may_have_left_twice)).toEqual([]);
  });

  it('just as a message leaves has it found afterwards, and sent once', async () => {
    const its = await begin({ sending: { leaseMs: 400 } });
    const visits: { id: string }[] = [];
    for (let nth = 0; nth < 3; nth += 1) visits.push((await its.visit(its.patient().id, start)).visit);
    await its.settled();
    its.email.tried.length = 0;
    const left = new Map<string, string>();
    its.email.find = async (id) => {
      const providerId = left.get(id);
      return providerId ? { state: 'sent', providerId } : 'not-sent';
    };
    its.email.answer = async ({ decisionId }) => {
      left.set(decisionId, `p-${decisionId}`);
      // While the mail is with the provider: what came of it cannot be stored.
      if (left.size === 1) await cutOff(its.sql);
      return undefined;
    };
    its.clock.set(new Date('2026-12-01T09:00:00Z'));
    await until(async () => (await weekBefore(its, visits)).every((line) => line?.state === 'sent'));
    const tried = its.email.tried.map(({ decisionId }) => decisionId);
    expect(tried.sort()).toEqual((await weekBefore(its, visits)).map((line) => line?.id as string).sort());
  });
});
