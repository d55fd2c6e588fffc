import { describe, expect, it } from 'vitest';
import { LoadShedder } from './load-shedder.js';

describe('LoadShedder', () => {
  const build = (underWay: number) => {
    const shedder = new LoadShedder(100);
    for (let i = 0; i < underWay; i++) shedder.began();
    return shedder;
  };
  const takes = (shedder: LoadShedder, isSignIn: boolean) => {
    try {
      shedder.assertCanTake(isSignIn);
      return true;
    } catch {
      return false;
    }
  };

  it('refuses ordinary requests while the process is behind, sign-ins later', () => {
    const shedder = build(200);
    expect([takes(shedder, false), takes(shedder, true)]).toEqual([true, true]);
    shedder.note(101);
    expect([takes(shedder, false), takes(shedder, true)]).toEqual([false, true]);
    shedder.note(401);
    expect([takes(shedder, false), takes(shedder, true)]).toEqual([false, false]);
  });

  it('takes requests again when it has caught up, not after one moment of rest', () => {
    const shedder = build(200);
    shedder.note(200);
    shedder.note(0);
    expect(takes(shedder, false)).toBe(false);
    for (let i = 0; i < 5; i++) shedder.note(0);
    expect(takes(shedder, false)).toBe(true);
  });

  it('refuses nobody while few are under way, since they are not what keeps it busy', () => {
    const shedder = build(99);
    shedder.note(5_000);
    expect(takes(shedder, false)).toBe(true);
  });
});
