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
    shedder.note(99);
    expect(shedder.enter()).toBeUndefined();
  });

  it('lets them wait while it is behind, in turn, until one that runs is over', async () => {
    const shedder = build(200);
    shedder.note(101);
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
    shedder.note(10_000);
    const order: string[] = [];
    const asked = [true, false].map((isSignIn) =>
      shedder.enter(isSignIn)?.catch(({ code }) => order.push(`${isSignIn ? 'sign-in' : 'other'} ${code}`)),
    );
    await Promise.all(asked);
    expect(order).toEqual(['other GATEWAY.OVERLOADED', 'sign-in GATEWAY.OVERLOADED']);
  });

  it('lets them in again when it has caught up, not after one moment of rest', async () => {
    const shedder = build(200);
    shedder.note(200);
    shedder.note(0);
    const wait = shedder.enter();
    expect(wait).toBeInstanceOf(Promise);
    shedder.leave();
    await wait;
    for (let i = 0; i < 5; i++) shedder.note(0);
    expect(shedder.enter()).toBeUndefined();
  });

  it('holds nobody back while few are under way, since they are not what keeps it busy', () => {
    const shedder = build(199);
    shedder.note(5_000);
    expect(shedder.enter()).toBeUndefined();
  });
});
