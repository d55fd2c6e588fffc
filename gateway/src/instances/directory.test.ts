import { describe, expect, it } from 'vitest';
import { Directory } from './directory.js';
import type { Instance } from './instance.js';

const instance = (id: string, facts: Partial<Instance> = {}): Instance => ({
  id,
  service: 'patient',
  origin: `http://${id}:9091`,
  isUp: true,
  leaseMs: 15_000,
  ...facts,
});

function build() {
  let now = 0;
  const directory = new Directory(() => now);
  const ids = () =>
    directory
      .all()
      .map(({ id }) => id)
      .sort();
  return { directory, ids, pass: (ms: number) => (now += ms) };
}

const longUp = 3_600_000;

describe('Directory', () => {
  it('is loaded by the first list, even an empty one', () => {
    const { directory } = build();
    expect(directory.isLoaded).toBe(false);
    directory.takeList([], longUp);
    expect(directory.isLoaded).toBe(true);
  });

  it('follows single changes', () => {
    const { directory } = build();
    let changes = 0;
    directory.onChange(() => changes++);
    directory.put(instance('a'));
    directory.put(instance('b'));
    directory.put(instance('a', { isUp: false }));
    directory.remove({ service: 'patient', id: 'b' });
    directory.remove({ service: 'record', id: 'a' });
    expect(directory.all()).toEqual([instance('a', { isUp: false })]);
    expect(changes).toBe(4);
  });

  it('believes a registry that has been up for longer than a lease: who is not listed is gone', () => {
    const { directory, ids } = build();
    directory.takeList([instance('a'), instance('b')], longUp);
    directory.takeList([instance('b')], 15_000);
    expect(ids()).toEqual(['b']);
  });

  it('keeps those whom a registry that has just started may not know yet, until their lease is over', () => {
    const { directory, ids, pass } = build();
    directory.takeList([instance('a'), instance('b'), instance('slow', { leaseMs: 90_000 })], longUp);
    directory.takeList([instance('b')], 5_000);
    expect(ids()).toEqual(['a', 'b', 'slow']);
    pass(9_999);
    directory.dropDoubted();
    expect(ids()).toEqual(['a', 'b', 'slow']);
    pass(1);
    directory.dropDoubted();
    expect(ids()).toEqual(['b', 'slow']);
  });

  it('does not start that time again with each list', () => {
    const { directory, ids, pass } = build();
    directory.takeList([instance('a')], longUp);
    for (let i = 0; i < 3; i++) {
      directory.takeList([], 0);
      pass(5_000);
    }
    directory.takeList([], 0);
    expect(ids()).toEqual([]);
  });

  it('ends it at once when a registry that must know says the same', () => {
    const { directory, ids } = build();
    directory.takeList([instance('a')], longUp);
    directory.takeList([], 0);
    expect(ids()).toEqual(['a']);
    directory.takeList([], longUp);
    expect(ids()).toEqual([]);
  });

  it('forgets the doubt when the instance comes back, and takes its leaving at once', () => {
    const { directory, ids, pass } = build();
    directory.takeList([instance('a'), instance('b')], longUp);
    directory.takeList([], 0);
    directory.put(instance('a'));
    directory.remove({ service: 'patient', id: 'b' });
    expect(ids()).toEqual(['a']);
    pass(longUp);
    directory.dropDoubted();
    expect(ids()).toEqual(['a']);
  });
});
