import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { noteBegin, noteLeft } from '../session/touches.ts';
import { type Copy, eraseCopy, isDue, isOpen, keepCopy, readCopy } from './copy.ts';

const hourMs = 3_600_000;
const copyOf = (ageMs: number, more: Partial<Copy> = {}): Copy =>
  ({
    sessionId: 's',
    takenAt: new Date(Date.now() - ageMs).toISOString(),
    practitionerIds: ['p'],
    ...more,
  }) as Copy;

beforeEach(() => {
  localStorage.clear();
  noteBegin('s');
});

describe('a copy', () => {
  it('may be shown for a day, and not when the clock says that it is of tomorrow', () => {
    expect(isOpen(copyOf(0))).toBe(true);
    expect(isOpen(copyOf(23 * hourMs))).toBe(true);
    expect(isOpen(copyOf(25 * hourMs))).toBe(false);
    expect(isOpen(copyOf(-hourMs))).toBe(false);
  });

  it('is not shown once its screen was left, nor when another session was there last', () => {
    noteLeft('s');
    expect(isOpen(copyOf(0))).toBe(false);
    localStorage.clear();
    noteBegin('another');
    expect(isOpen(copyOf(0))).toBe(false);
    localStorage.clear();
    expect(isOpen(copyOf(0))).toBe(false);
  });

  it('is due when there is none of this sign-in, each hour, and when another agenda is looked at', () => {
    expect(isDue(undefined, 's', ['p'])).toBe(true);
    expect(isDue(copyOf(0, { sessionId: 'another' }), 's', ['p'])).toBe(true);
    expect(isDue(copyOf(0), 's', ['p'])).toBe(false);
    expect(isDue(copyOf(0), 's', ['p', 'q'])).toBe(true);
    expect(isDue(copyOf(hourMs - 1_000), 's', ['p'])).toBe(false);
    expect(isDue(copyOf(hourMs), 's', ['p'])).toBe(true);
  });
});

describe('where it is kept', () => {
  /** The browser's, as far as it is used. */
  function stubCaches(open = async () => {}) {
    const kept = new Map<string, Response>();
    vi.stubGlobal('caches', {
      match: async (path: string) => open().then(() => kept.get(path)),
      open: async () => ({ put: async (path: string, answer: Response) => open().then(() => kept.set(path, answer)) }),
      delete: async () => open().then(() => kept.clear()),
    });
    onTestFinished(() => void vi.unstubAllGlobals());
    return kept;
  }

  it('gives back what was kept, and nothing after it was erased', async () => {
    const kept = stubCaches();
    const copy = copyOf(0);
    await keepCopy(copy);
    expect(await readCopy()).toEqual(copy);
    await eraseCopy();
    expect(await readCopy()).toBeUndefined();
    expect(kept.size).toBe(0);
  });

  it('is nowhere in a browser that keeps nothing, which is no failure', async () => {
    expect(await readCopy()).toBeUndefined();
    await eraseCopy();
    stubCaches(async () => {
      throw new DOMException('cookies are blocked', 'SecurityError');
    });
    expect(await readCopy()).toBeUndefined();
    await eraseCopy();
  });

  it('tells what else goes wrong', async () => {
    stubCaches(async () => {
      throw new DOMException('the disk is broken', 'UnknownError');
    });
    await expect(readCopy()).rejects.toThrow('the disk is broken');
    await expect(eraseCopy()).rejects.toThrow('the disk is broken');
  });
});
