import type { AddressInfo } from 'node:net';
import { newId } from '@cabinet/kit/ids';
import type { DeadLetter } from '@cabinet/service/sidecar/dead-letters';
import { type ReceivedEvent, readDelivery } from '@cabinet/service/sidecar/deliveries';
import type { EventReceiver } from '@cabinet/service/sidecar/event-receiver';
import { eventRoutes } from '@cabinet/service/sidecar/event-routes';
import express from 'express';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { until } from '../../../tests/support/http.ts';
import { buildEvent, kinds, type Refuse, type Stores, startReceiver } from './event-stores.ts';

describe.each(kinds)('dead letters in a database of %s', (_, open) => {
  let stores: Stores;
  const receivers: EventReceiver[] = [];
  beforeAll(async () => {
    stores = await open();
  });
  afterEach(async () => {
    for (const receiver of receivers.splice(0)) await receiver.stop();
    await stores.deadLetters.drop({});
  });
  afterAll(() => stores?.close());

  function receiver(refuse: Refuse, pauses = {}) {
    const started = startReceiver(stores, refuse, pauses);
    receivers.push(started.receiver);
    return started;
  }

  /** A letter that is dead for a defect, and kept since a second for each nth. */
  async function keepOne(nth = 0, rest: Partial<DeadLetter> = {}) {
    const event = buildEvent(newId());
    const at = new Date(Date.UTC(2026, 2, 1) + nth * 1000);
    const { id: eventId, type, partitionkey: partitionKey = '' } = event;
    const failure = { cause: 'defect', code: 'EVENT.HANDLER_FAILED' } as const;
    const letter = { topic: 'thing', eventId, type, partitionKey, failure, tries: 4, firstAt: at, lastAt: at, event };
    await stores.deadLetters.keep({ ...letter, ...rest });
    return { ...letter, ...rest, event };
  }

  it('are never lost, though they fail again while several processes let them go', async () => {
    const kept = await Promise.all(Array.from({ length: 40 }, (_, nth) => keepOne(nth)));
    const defect = () => new TypeError('undefined is not a function');
    const both = [receiver(defect), receiver(defect)];
    for (let round = 0; round < 5; round += 1) {
      await Promise.all(both.map(({ receiver }) => receiver.replay({ code: 'EVENT.HANDLER_FAILED' })));
    }
    const keysThatWait = kept.map(({ partitionKey }) => partitionKey);
    await until(async () => (await stores.waiting.keysThatWait('thing', keysThatWait)).size === 0);
    // On MongoDB one may stand there twice for a while, when two kept it in the same moment.
    const idsOf = (letters: { eventId: string }[]) => new Set(letters.map(({ eventId }) => eventId));
    expect(idsOf(await stores.deadLetters.list({}, 1_000))).toEqual(idsOf(kept));
  });

  it('that wait anew are not taken away, nor put off, by whoever began with them before they were dead', async () => {
    const letter = await keepOne();
    const { event, topic, partitionKey } = letter;
    const now = new Date();
    const [soon, later, last] = [1, 2, 3].map((minutes) => new Date(now.getTime() + minutes * 60_000)) as [
      Date,
      Date,
      Date,
    ];
    const letGo = async () => {
      const as = { faults: 3, nextAt: now };
      expect(await stores.deadLetters.letGo(await stores.deadLetters.list({ eventId: event.id }, 1), as)).toBe(1);
      const due = await stores.waiting.due(later, 10);
      return due.find((each) => each.event.id === event.id) as (typeof due)[number];
    };
    const due = await letGo();
    const slow = (await stores.waiting.lease(due, now, soon)) as typeof due;
    // Its time is over, and somebody else is quicker.
    const quick = (await stores.waiting.lease(due, later, last)) as typeof due;
    await stores.deadLetters.keep({ ...letter, lastAt: later });
    await stores.waiting.remove(quick);
    await letGo();
    await stores.waiting.postpone({ ...slow, nextAt: last });
    await stores.waiting.remove(slow);
    expect(await stores.waiting.keysThatWait(topic, [partitionKey])).toEqual(new Set([partitionKey]));
    const again = await stores.waiting.due(later, 10);
    expect(again.map((each) => each.event.id)).toContain(event.id);
    for (const each of again) await stores.waiting.remove(each);
  });

  it('stay when they were kept anew since they were listed, and when their event waits already', async () => {
    const kept = await keepOne();
    const as = { faults: 3, nextAt: new Date(Date.now() + 60_000) };
    const listed = await stores.deadLetters.list({ eventId: kept.eventId }, 1);
    const again = { ...kept, tries: 5, lastAt: new Date() };
    await stores.deadLetters.keep(again);
    expect(await stores.deadLetters.letGo(listed, as)).toBe(0);
    expect(await stores.deadLetters.list({ eventId: kept.eventId }, 1)).toMatchObject([{ tries: 5 }]);

    await stores.waiting.add([{ ...again, ...as }]);
    expect(await stores.deadLetters.letGo([again], as)).toBe(0);
    expect(await stores.deadLetters.list({ eventId: kept.eventId }, 1)).toHaveLength(1);

    await stores.waiting.remove({ ...again, ...as });
    expect(await stores.deadLetters.letGo([again], as)).toBe(1);
    expect(await stores.deadLetters.list({ eventId: kept.eventId }, 1)).toEqual([]);
    expect(await stores.waiting.keysThatWait('thing', [kept.partitionKey])).toEqual(new Set([kept.partitionKey]));
    await stores.waiting.remove({ ...again, ...as });
  });

  it('are all messages that cannot be handled, whatever stands in them, and hold up none behind them', async () => {
    const { receiver: receives, handled } = receiver(() => undefined);
    const genuine = buildEvent(newId());
    const dataOf = (data: string) =>
      JSON.stringify({ ...buildEvent('k'), data: 1 }).replace('"data":1', `"data":${data}`);
    const hostile = [
      ...['"\\u0000"', '{"\\u0000":1}', '"\\ud800"', '{"$set":{"a.b":1}}', '{"__proto__":{"a":1}}', '1e999'].map(
        dataOf,
      ),
      dataOf('['.repeat(20_000) + ']'.repeat(20_000)),
      JSON.stringify({ ...buildEvent('k'), id: '\0' }),
      JSON.stringify({ ...buildEvent('k'), partitionkey: 'k\ud800' }),
      'nonsense',
      '',
    ];
    const deliveries = [...hostile, JSON.stringify(genuine)].map((text, nth) => {
      const event = Buffer.from(text).toString('base64');
      return readDelivery(
        { entryId: String(nth), event, metadata: { __partition: '1', __offset: String(nth) } },
        'thing',
      );
    });
    await receives.receive('thing', deliveries);
    expect(handled).toEqual([genuine]);
    const kept = await stores.deadLetters.list({}, 100);
    expect(kept).toHaveLength(hostile.length);
    for (const [nth] of hostile.entries()) {
      expect(kept.filter(({ eventId }) => `${eventId}/`.startsWith(`thing/1/${nth}/`))).toHaveLength(1);
    }
  });

  it('are taken out of a batch of any size that the sidecar makes', async () => {
    const { receiver: receives, handled } = receiver(() => undefined);
    const genuine = buildEvent(newId());
    const app = express().use(eventRoutes(receives, 'the token of the sidecar'));
    const server = app.listen(0);
    onTestFinished(() => void server.close());
    const large = Buffer.alloc(1024 * 1024, 'x').toString('base64');
    const events = [...Array<string>(5).fill(large), Buffer.from(JSON.stringify(genuine)).toString('base64')];
    const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/events/thing`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'dapr-api-token': 'the token of the sidecar' },
      body: JSON.stringify({ entries: events.map((event, nth) => ({ entryId: String(nth), event })) }),
    });
    expect(answer.status).toBe(200);
    expect(handled).toEqual([genuine]);
    expect(await stores.deadLetters.list({}, 100)).toHaveLength(5);
  });

  it('never have an effect in the place of a genuine event of the same id, nor take its place', async () => {
    let isMended = false;
    const { receiver: receives, handled } = receiver(() => (isMended ? undefined : new TypeError('not a function')));
    const genuine = [buildEvent(newId()), buildEvent(newId())];
    const forged = genuine.map((event) => ({ ...event, data: { forged: true } }));
    const [first, second] = genuine as [ReceivedEvent, ReceivedEvent];
    const [firstForged, secondForged] = forged as [ReceivedEvent, ReceivedEvent];
    const bring = (event: ReceivedEvent, offset: number) =>
      receives.receive('thing', [{ entryId: 'e', place: `thing/4/${offset}`, event }]);
    const isDead = async ({ id, partitionkey = '' }: ReceivedEvent) =>
      (await stores.deadLetters.list({ eventId: id }, 1)).length === 1 &&
      (await stores.waiting.keysThatWait('thing', [partitionkey])).size === 0;
    await bring(firstForged, 0);
    await bring(first, 1);
    await bring(second, 2);
    await until(async () => (await isDead(first)) && (await isDead(second)));
    await bring(secondForged, 3);
    // As an earlier release kept it: under the id of the genuine one.
    const third = buildEvent(newId());
    const kept = await keepOne(0, { eventId: third.id, event: { ...third, data: { forged: true } } });
    isMended = true;
    expect(await receives.replay({ type: 'thing.grown' })).toEqual({ count: 2, notGenuine: 3 });
    await until(() => handled.length === 2);
    expect(new Map(handled.map(({ id, data }) => [id, data]))).toEqual(
      new Map(genuine.map(({ id, data }) => [id, data])),
    );

    await stores.deadLetters.keep({ ...kept, event: third });
    expect(await receives.replay({ eventId: third.id })).toEqual({ count: 1, notGenuine: 0 });
    await until(() => handled.length === 3);
  });
  it('go again behind however many that stay', async () => {
    const forged = { ...buildEvent(newId()), signature: undefined };
    // A part of them and more, all kept at one time.
    for (let nth = 0; nth < 210; nth += 1) await keepOne(0, { eventId: newId(), event: forged });
    const last = await keepOne(1);
    const { receiver: receives, idsOf } = receiver(() => undefined, { againMs: 60_000 });
    await until(() => idsOf(last.partitionKey).length === 1);
    expect(await receives.replay({ code: 'EVENT.HANDLER_FAILED' })).toEqual({ count: 0, notGenuine: 210 });
    expect(await receives.replay({ code: 'EVENT.HANDLER_FAILED' }, 0)).toEqual({
      count: 0,
      notGenuine: 200,
      more: true,
    });
  });
});
