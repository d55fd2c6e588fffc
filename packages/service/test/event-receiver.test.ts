import { NotFound, Unavailable } from '@cabinet/kit/errors';
import { newId } from '@cabinet/kit/ids';
import { PostgresDeadLetterStore } from '@cabinet/postgres/dead-letters';
import { openDatabase } from '@cabinet/postgres/orm';
import { PostgresWaitingEvents } from '@cabinet/postgres/waiting-events';
import type { ReceivedEvent } from '@cabinet/service/sidecar/deliveries';
import { EventReceiver } from '@cabinet/service/sidecar/event-receiver';
import type { WaitingEvent } from '@cabinet/service/sidecar/waiting-events';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../../tests/support/http.ts';
import {
  buildEvent,
  deliveriesOf,
  keys,
  kinds,
  log,
  type Refuse,
  type Stores,
  startReceiver,
  Thing,
} from './event-stores.ts';

describe.each(kinds)('events that wait in a database of %s', (_, open) => {
  let stores: Stores;
  const receivers: EventReceiver[] = [];
  beforeAll(async () => {
    stores = await open();
  });
  afterEach(async () => {
    for (const receiver of receivers.splice(0)) await receiver.stop();
  });
  afterAll(() => stores?.close());

  function receiver(refuse: Refuse, pauses = {}) {
    const started = startReceiver(stores, refuse, pauses);
    receivers.push(started.receiver);
    return started;
  }
  const of = (key: string) => (event: ReceivedEvent) => event.partitionkey === key;
  const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
  const away = new Unavailable('NEIGHBOUR.UNAVAILABLE', 'The neighbour cannot be reached', { cause: refused });
  const waitingOf = (event: ReceivedEvent): WaitingEvent => {
    const [at, failure] = [new Date(), { cause: 'away', code: 'NEIGHBOUR.UNAVAILABLE' } as const];
    const { partitionkey: partitionKey = '' } = event;
    return { topic: 'thing', partitionKey, event, failure, tries: 1, faults: 0, firstAt: at, lastAt: at, nextAt: at };
  };
  const letters = (eventId: string) => stores.deadLetters.list({ eventId }, 10);

  it('have their effect in the order of their key when what was away is back, and hold up no other key', async () => {
    const [key, other] = [newId(), newId()];
    let isAway = true;
    const { receiver: receives, idsOf } = receiver((event) => (isAway && of(key)(event) ? away : undefined));
    const first = [buildEvent(key), buildEvent(other), buildEvent(key)];
    await receives.receive('thing', deliveriesOf(first));
    const later = [buildEvent(key), buildEvent(other)];
    await receives.receive('thing', deliveriesOf(later));
    // Not at once, as they are of the same type, but while the neighbour is still away.
    await until(() => idsOf(other).length === 2);
    expect(idsOf(other)).toEqual([first[1], later[1]].map((event) => event?.id));
    expect(idsOf(key)).toEqual([]);

    isAway = false;
    await until(() => idsOf(key).length === 3);
    expect(idsOf(key)).toEqual([first[0], first[2], later[0]].map((event) => event?.id));
    expect(await letters(first[0]?.id as string)).toEqual([]);
    await until(async () => (await stores.waiting.keysThatWait('thing', [key])).size === 0);
  });

  it('wait without end for what is away, however often that fails', async () => {
    const key = newId();
    let tries = 0;
    const { receiver: receives, idsOf } = receiver((event) => {
      if (of(key)(event)) tries += 1;
      return tries <= 15 ? away : undefined;
    });
    const event = buildEvent(key);
    await receives.receive('thing', deliveriesOf([event]));
    await until(() => idsOf(key).length === 1);
    expect(tries).toBe(16);
    expect(await letters(event.id)).toEqual([]);
  });

  it('are not all tried when a neighbour is away that those of their type need, but for the first', async () => {
    const asking = Array.from({ length: 20 }, () => buildEvent(newId()));
    const others = Array.from({ length: 3 }, () => buildEvent(newId(), {}, 'thing.moved'));
    const tried: ReceivedEvent[] = [];
    const { receiver: receives, handled } = receiver(
      (event) => {
        if (asking.includes(event)) tried.push(event);
        return asking.includes(event) ? away : undefined;
      },
      { firstMs: 600_000, longestMs: 600_000 },
    );
    await receives.receive('thing', deliveriesOf([...asking, ...others]));
    // Once with all others, and once by itself.
    expect(tried).toEqual([asking[0], asking[0]]);
    expect(handled).toEqual(others);
    const keysOfAll = asking.map(({ partitionkey }) => partitionkey as string);
    expect(await stores.waiting.keysThatWait('thing', keysOfAll)).toEqual(new Set(keysOfAll));
    await receives.stop();
    for (const event of asking) await stores.waiting.remove(waitingOf(event));
  });

  it('wait as soon as they have failed, whatever becomes of the rest of their delivery', async () => {
    const { promise: held, resolve: goOn } = Promise.withResolvers<undefined>();
    const { receiver: receives, idsOf } = receiver(({ type }) => (type === 'thing.grown' ? away : held));
    const [failing, slow] = [buildEvent(newId()), buildEvent(newId(), {}, 'thing.moved')];
    const received = receives.receive('thing', deliveriesOf([failing, slow]));
    const key = failing.partitionkey as string;
    await until(async () => (await stores.waiting.keysThatWait('thing', [key])).size === 1);
    goOn(undefined);
    await received;
    expect(idsOf(slow.partitionkey as string)).toEqual([slow.id]);
    await receives.stop();
    await stores.waiting.remove(waitingOf(failing));
  });

  it('are tried as they stand now, and not before their time, whoever had them in hand', async () => {
    const event = buildEvent(newId());
    const seen = waitingOf(event);
    const now = seen.nextAt;
    const later = new Date(now.getTime() + 60_000);
    await stores.waiting.add([seen]);
    const another = await stores.waiting.lease(seen, now, later);
    expect(another).toMatchObject({ tries: 1, event: { id: event.id } });
    expect(await stores.waiting.lease(seen, now, later)).toBeUndefined();
    await stores.waiting.postpone({ ...seen, tries: 2, faults: 1, nextAt: later });
    expect(await stores.waiting.lease(seen, now, later)).toBeUndefined();
    const due = new Date(later.getTime() + 1);
    expect(await stores.waiting.lease(seen, due, new Date(due.getTime() + 60_000))).toMatchObject({
      tries: 2,
      faults: 1,
    });
    await stores.waiting.remove(seen);
  });

  it('are in one hand alone, though the first of a key was done with elsewhere and waits anew behind another', async () => {
    const [key, now] = [newId(), new Date()];
    const [first, second] = [buildEvent(key), buildEvent(key)].map((event) => ({
      ...waitingOf(event),
      nextAt: now,
    })) as [WaitingEvent, WaitingEvent];
    const [later, last] = [1, 2].map((minutes) => new Date(now.getTime() + minutes * 60_000)) as [Date, Date];
    const firstOfKey = async (at: Date) =>
      (await stores.waiting.due(at, 100)).find(({ partitionKey }) => partitionKey === key) as WaitingEvent;
    await stores.waiting.add([first, second]);
    const seen = await firstOfKey(now);
    const quick = (await stores.waiting.lease(seen, now, later)) as WaitingEvent;
    const goneOnWith = await stores.waiting.remove(quick);
    expect(goneOnWith?.event.id).toBe(second.event.id);
    await stores.waiting.add([first]);
    // Whoever saw it before is late.
    expect(await stores.waiting.lease(seen, now, last)).toBeUndefined();
    await stores.waiting.remove(goneOnWith as WaitingEvent);
    await stores.waiting.remove(first);
  });

  it('are handed on by nobody to whom they are not left: neither from a lease that is over, nor without one', async () => {
    const [key, now] = [newId(), new Date()];
    const events = Array.from({ length: 3 }, () => ({ ...waitingOf(buildEvent(key)), nextAt: now }));
    const [first, second, third] = events as [WaitingEvent, WaitingEvent, WaitingEvent];
    const [soon, later] = [1, 2].map((minutes) => new Date(now.getTime() + minutes * 60_000)) as [Date, Date];
    await stores.waiting.add(events);
    await stores.waiting.lease(first, now, soon);
    // By another process.
    await stores.waiting.lease(second, now, later);
    expect(await stores.waiting.remove(first)).toBeUndefined();
    expect(await stores.waiting.lease(second, soon, later)).toBeUndefined();
    await stores.waiting.postpone(second);
    expect(await stores.waiting.remove(second)).toBeUndefined();
    expect((await stores.waiting.lease(third, now, later))?.event.id).toBe(third.event.id);
    await stores.waiting.remove(third);
  });

  it('are tried again in their time though the database went away while they were tried', async () => {
    const key = newId();
    let isAway = true;
    let cuts = 0;
    const cut = Object.create(stores.waiting, {
      postpone: {
        value: async (event: WaitingEvent) => {
          if (event.partitionKey === key && isAway && ++cuts <= 2)
            throw new Error('Connection terminated unexpectedly');
          return stores.waiting.postpone(event);
        },
      },
    }) as Stores['waiting'];
    const started = startReceiver({ ...stores, waiting: cut }, (event) =>
      isAway && of(key)(event) ? away : undefined,
    );
    receivers.push(started.receiver);
    await started.receiver.receive('thing', deliveriesOf([buildEvent(key)]));
    await until(() => cuts > 2);
    isAway = false;
    await until(() => started.idsOf(key).length === 1);
  });

  it('are due by the first of their key, the longest due first, whatever waits behind', async () => {
    const at = (seconds: number) => new Date(Date.UTC(2026, 2, 1) + seconds * 1000);
    const [early, late, notYet, leased] = Array.from({ length: 4 }, () => newId());
    const plan = [
      ...[
        [late, 5],
        [late, 1],
        [early, 2],
        [early, 0],
        [notYet, 20],
        [notYet, 3],
        [leased, 4],
      ],
    ].map(([key, due]) => ({ ...waitingOf(buildEvent(key as string)), nextAt: at(due as number) }));
    await stores.waiting.add(plan);
    await stores.waiting.lease(plan[6] as WaitingEvent, at(4), at(60));
    const due = async (seconds: number, limit = 10) =>
      (await stores.waiting.due(at(seconds), limit)).map(({ event }) =>
        plan.findIndex((each) => each.event.id === event.id),
      );
    expect(await due(4)).toEqual([2]);
    expect(await due(10)).toEqual([2, 0]);
    expect(await due(10, 1)).toEqual([2]);
    expect(await due(61)).toEqual([2, 6, 0, 4]);
    for (const waiting of plan) await stores.waiting.remove(waiting);
  });

  it('are made due together, once a round, when what they wait for is back', async () => {
    let isAway = true;
    const hurried: string[] = [];
    const noted = Object.create(stores.waiting, {
      hurry: {
        value: (code: string, now: Date) => {
          hurried.push(code);
          return stores.waiting.hurry(code, now);
        },
      },
    }) as Stores['waiting'];
    const ask = () => (isAway ? away : undefined);
    const long = { firstMs: 600_000, longestMs: 600_000, lookMs: 20 };
    const started = startReceiver({ ...stores, waiting: noted }, ask, long);
    receivers.push(started.receiver);
    const events = Array.from({ length: 40 }, () => buildEvent(newId()));
    const behind = events.slice(0, 5).map(({ partitionkey = '' }) => buildEvent(partitionkey));
    await started.receiver.receive('thing', deliveriesOf([...events, ...behind]));
    isAway = false;
    // One of them comes to its turn.
    await stores.waiting.postpone(waitingOf(events[0] as ReceivedEvent));
    const keysOfAll = new Set(events.map(({ partitionkey }) => partitionkey));
    await until(() => started.handled.filter(({ partitionkey }) => keysOfAll.has(partitionkey)).length === 45);
    expect(new Set(hurried)).toEqual(new Set(['NEIGHBOUR.UNAVAILABLE']));
    // Of forty, in three rounds at least and a few more for what became due between two.
    expect(hurried.length).toBeLessThan(15);
  });

  it('are tried on by another process when theirs has died', async () => {
    const key = newId();
    const { receiver: dies } = receiver((event) => (of(key)(event) ? away : undefined));
    const events = [buildEvent(key), buildEvent(key)];
    await dies.receive('thing', deliveriesOf(events));
    await dies.stop();
    const { idsOf } = receiver(() => undefined);
    await until(() => idsOf(key).length === 2);
    expect(idsOf(key)).toEqual(events.map(({ id }) => id));
  });

  it('wait once, though they are delivered again', async () => {
    const key = newId();
    let isAway = true;
    const { receiver: receives, idsOf } = receiver((event) => (isAway && of(key)(event) ? away : undefined));
    const events = [buildEvent(key), buildEvent(key)];
    for (let n = 0; n < 3; n += 1) await receives.receive('thing', deliveriesOf(events));
    isAway = false;
    await until(async () => (await stores.waiting.keysThatWait('thing', [key])).size === 0);
    expect(idsOf(key)).toEqual(events.map(({ id }) => id));
  });

  it('are dead after some tries when their content is refused, and those behind them go on', async () => {
    const key = newId();
    const unknown = new NotFound('THING.UNKNOWN', 'There is no such thing');
    const bad = buildEvent(key, { bad: true });
    const { receiver: receives, idsOf } = receiver(({ id }) => (id === bad.id ? unknown : undefined));
    const next = buildEvent(key);
    await receives.receive('thing', deliveriesOf([bad, next]));
    await until(() => idsOf(key).length === 1);
    expect(idsOf(key)).toEqual([next.id]);
    const failure = { cause: 'content', code: 'THING.UNKNOWN' };
    expect(await letters(bad.id)).toMatchObject([{ topic: 'thing', type: 'thing.grown', failure, tries: 4 }]);
    const [letter] = await letters(bad.id);
    expect(letter?.lastAt.getTime()).toBeGreaterThan(letter?.firstAt.getTime() as number);
    expect(await stores.deadLetters.reasons()).toContainEqual(
      expect.objectContaining({ topic: 'thing', type: 'thing.grown', failure, count: 1 }),
    );
  });

  it('go again by themselves when they were dead for another reason than their content', async () => {
    const key = newId();
    let isMended = false;
    const defect = () => (isMended ? undefined : new TypeError('undefined is not a function'));
    const { receiver: receives, idsOf } = receiver((event) => (of(key)(event) ? defect() : undefined), { againMs: 30 });
    const event = buildEvent(key);
    await receives.receive('thing', deliveriesOf([event]));
    await until(async () => (await letters(event.id)).length === 1);
    isMended = true;
    await until(() => idsOf(key).length === 1);
    expect(await letters(event.id)).toEqual([]);
  });

  it('are let go or dropped by their reason', async () => {
    const key = newId();
    let code = 'THING.UNKNOWN_TO_US';
    const { receiver: receives, idsOf } = receiver((event) =>
      of(key)(event) && code ? new NotFound(code, 'No') : undefined,
    );
    const events = Array.from({ length: 3 }, () => buildEvent(key));
    await receives.receive('thing', deliveriesOf(events));
    const kept = async () => (await stores.deadLetters.list({ code: 'THING.UNKNOWN_TO_US' }, 10)).length;
    await until(async () => (await kept()) === 3);
    await until(async () => (await stores.waiting.keysThatWait('thing', [key])).size === 0);
    expect(await stores.deadLetters.drop({ code: 'THING.UNKNOWN_TO_US', topic: 'another' })).toBe(0);
    const one = { code: 'THING.UNKNOWN_TO_US', topic: 'thing', eventId: events[0]?.id };
    expect(await stores.deadLetters.drop(one)).toBe(1);
    code = '';
    expect(await receives.replay({ code: 'THING.UNKNOWN_TO_US' })).toEqual({ count: 2, notGenuine: 0 });
    await until(() => idsOf(key).length === 2);
    expect(await kept()).toBe(0);
  });

  it('never have an effect when nobody genuine told them', async () => {
    const key = newId();
    const { receiver: receives, idsOf } = receiver(() => undefined);
    const genuine = buildEvent(key);
    const forged = [
      { ...buildEvent(key), signature: undefined },
      { ...buildEvent(key), data: { more: 1 } },
      { ...buildEvent(key), source: 'somebody' },
    ];
    const unreadable = { entryId: '9', place: 'thing/3/17' };
    await receives.receive('thing', [...deliveriesOf([...forged, genuine]), unreadable]);
    expect(idsOf(key)).toEqual([genuine.id]);
    // Nor when an admin lets them go again.
    expect(await receives.replay({ code: 'EVENT.NOT_GENUINE' })).toEqual({ count: 0, notGenuine: 3 });
    for (const [nth, { id }] of forged.entries()) {
      expect(await letters(`thing/0/${nth}/${id}`)).toMatchObject([
        { failure: { cause: 'signature', code: 'EVENT.NOT_GENUINE' }, tries: 1 },
      ]);
    }
    expect(await letters('thing/3/17')).toMatchObject([{ type: 'unreadable', failure: { cause: 'content' } }]);
  });

  it('have their effect once each, in the order of each key, whatever is away and whenever', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ key: fc.nat({ max: 3 }), fails: fc.nat({ max: 3 }) }), { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 1, max: 4 }),
        async (plan, batchSize) => {
          const prefix = newId();
          const events = plan.map(({ key, fails }) => ({ event: buildEvent(`${prefix}-${key}`), left: fails }));
          const leftOf = new Map(events.map((each) => [each.event.id, each]));
          const { receiver: receives, handled } = receiver(({ id }) => {
            const plan = leftOf.get(id);
            if (!plan || plan.left === 0) return undefined;
            plan.left -= 1;
            return away;
          });
          for (let at = 0; at < events.length; at += batchSize) {
            await receives.receive('thing', deliveriesOf(events.slice(at, at + batchSize).map(({ event }) => event)));
          }
          const ours = () => handled.filter(({ partitionkey }) => partitionkey?.startsWith(prefix));
          await until(() => ours().length >= events.length);
          const orderOf = (list: ReceivedEvent[]) =>
            Object.fromEntries(
              [...Map.groupBy(list, (event) => event.partitionkey)].map(([k, v]) => [k, v.map((e) => e.id)]),
            );
          expect(orderOf(ours())).toEqual(orderOf(events.map(({ event }) => event)));
          await receives.stop();
        },
      ),
      { numRuns: 15 },
    );
  });
});

describe('a delivery', () => {
  it('has to come again when the events can neither be handled nor put where they wait', async () => {
    const orm = openDatabase({ url: 'postgres://nobody@127.0.0.1:1/nothing', entities: [Thing], migrations: [] });
    const receiver = new EventReceiver({
      waiting: new PostgresWaitingEvents(orm),
      deadLetters: new PostgresDeadLetterStore(orm),
      handlers: { thing: async () => {} },
      keys,
      log,
    });
    await expect(receiver.receive('thing', deliveriesOf([buildEvent('a')]))).rejects.toThrow();
    await orm.close(true);
  });
});
