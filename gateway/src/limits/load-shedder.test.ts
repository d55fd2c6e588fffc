import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { LoadShedder } from './load-shedder.js';

describe('LoadShedder', () => {
  const build = (underWay: number, waitMs = 60_000) => {
    const shedder = new LoadShedder(100, waitMs);
    for (let i = 0; i < underWay; i++) shedder.enter();
    return shedder;
  };

  it('lets requests in at once while the process keeps up', () => {
    const shedder = build(1_000);
    shedder.note(99, 0.5);
    expect(shedder.enter()).toBeUndefined();
  });

  it('lets them wait while it is behind, in turn, until one that runs is over', async () => {
    const shedder = build(200);
    shedder.note(101, 0.5);
    const entered: string[] = [];
    const first = shedder.enter(true)?.then(() => entered.push('first'));
    const second = shedder.enter(true)?.then(() => entered.push('second'));
    shedder.leave();
    await first;
    expect(entered).toEqual(['first']);
    shedder.leave();
    await second;
  });

  it('refuses those for whom there is no place in time, sign-ins later', async () => {
    const shedder = build(200, 20);
    shedder.note(10_000, 0.5);
    const order: string[] = [];
    const asked = [true, false].map((isSignIn) =>
      shedder.enter(isSignIn)?.catch(({ code }) => order.push(`${isSignIn ? 'sign-in' : 'other'} ${code}`)),
    );
    await Promise.all(asked);
    expect(order).toEqual(['other GATEWAY.OVERLOADED', 'sign-in GATEWAY.OVERLOADED']);
  });

  it('lets them in again when it has caught up, not after one moment of rest', async () => {
    const shedder = build(200);
    shedder.note(200, 0.5);
    shedder.note(0, 0.5);
    const wait = shedder.enter();
    expect(wait).toBeInstanceOf(Promise);
    shedder.leave();
    await wait;
    for (let i = 0; i < 5; i++) shedder.note(0, 0.5);
    expect(shedder.enter()).toBeUndefined();
  });

  describe('a connection that was answered', () => {
    /** Tells in `read` whose next request is read on. */
    const connection = (name: string, read: string[]) => {
      const socket = { pause: () => socket, resume: () => read.push(name) };
      return socket as unknown as Socket;
    };

    it('waits its turn while there is no rest and enough is under way, and is read on in turn', () => {
      const shedder = build(66);
      shedder.note(0, 1);
      const read: string[] = [];
      shedder.leave(connection('first', read));
      shedder.leave(connection('second', read));
      expect(read).toEqual([]);
      shedder.leave(connection('third', read));
      expect(read).toEqual(['first']);
      shedder.leave();
      expect(read).toEqual(['first', 'second']);
    });

    it('is read on as soon as there is rest, or nobody is to be held back any more', () => {
      const shedder = build(200);
      const read: string[] = [];
      shedder.note(0, 1);
      shedder.leave(connection('first', read));
      shedder.note(0, 1);
      expect(read).toEqual([]);
      shedder.note(0, 0.5);
      expect(read).toEqual(['first']);
      shedder.note(0, 1);
      shedder.leave(connection('second', read));
      shedder.stop();
      expect(read).toEqual(['first', 'second']);
    });

    it('never waits while there is rest, however much is under way', () => {
      const shedder = build(1_000);
      shedder.note(0, 0.8);
      const read: string[] = [];
      const waited = { pause: () => read.push('waits') } as unknown as Socket;
      shedder.leave(waited);
      expect(read).toEqual([]);
    });
  });

  it('holds nobody back while few are under way, since they are not what keeps it busy', () => {
    const shedder = build(199);
    shedder.note(5_000, 0.5);
    expect(shedder.enter()).toBeUndefined();
  });
});
