import { describe, expect, it, onTestFinished } from 'vitest';
import { Directory } from './directory.js';
import type { Instance } from './instance.js';
import { type Upstream, Upstreams, usualUpstreamSettings } from './upstreams.js';

const instance = (id: string, facts: Partial<Instance> = {}): Instance => ({
  id,
  service: 'patient',
  origin: 'http://127.0.0.1:1',
  isUp: true,
  leaseMs: 15_000,
  ...facts,
});

function build(...ids: string[]) {
  let now = 0;
  const directory = new Directory(() => now);
  const upstreams = new Upstreams(directory, { ...usualUpstreamSettings, skipMs: 1_000 }, () => now);
  for (const id of ids) directory.put(instance(id));
  onTestFinished(() => upstreams.close());
  const chosen = (count: number, avoided?: Set<Upstream>) =>
    Array.from({ length: count }, () => upstreams.choose('patient', avoided)?.instance.id);
  const find = (id: string) => upstreams.of('patient').find((one) => one.instance.id === id) as Upstream;
  return { directory, upstreams, chosen, find, pass: (ms: number) => (now += ms) };
}

describe('Upstreams', () => {
  it('gives the instances in turn, and nothing when there are none', () => {
    expect(build('a', 'b', 'c').chosen(6)).toEqual(['a', 'b', 'c', 'a', 'b', 'c']);
    expect(build().chosen(2)).toEqual([undefined, undefined]);
  });

  it('passes over the one to avoid, and the one that is left out for a while', () => {
    const { chosen, find, upstreams, pass } = build('a', 'b', 'c');
    expect(chosen(4, new Set([find('b')]))).not.toContain('b');
    upstreams.skip(find('a'));
    expect(chosen(6)).not.toContain('a');
    expect(upstreams.hasOther(find('b'))).toBe(true);
    pass(1_000);
    expect(chosen(3)).toContain('a');
  });

  it('gives one of them all the same when there is no other', () => {
    const { chosen, find, upstreams } = build('a', 'b');
    for (const id of ['a', 'b']) upstreams.skip(find(id));
    expect(chosen(1)).not.toEqual([undefined]);
    expect(upstreams.hasOther(find('a'))).toBe(false);
    expect(chosen(1, new Set([find('a'), find('b')]))).not.toEqual([undefined]);
  });

  it('keeps the connections of those that stay, and gives a new chance to one that is announced again', () => {
    const { directory, upstreams, find } = build('a', 'b');
    const [a, b] = [find('a'), find('b')];
    upstreams.skip(a);
    directory.put(instance('c'));
    directory.remove(instance('b'));
    expect(find('a')).toBe(a);
    expect([upstreams.isSkipped(a), b.pool.closed, a.pool.closed]).toEqual([true, true, false]);
    directory.put(instance('a'));
    expect([find('a') === a, upstreams.isSkipped(a)]).toEqual([true, false]);
  });

  it('takes an instance at another address for another one, and one that is not up for none', () => {
    const { directory, find, chosen } = build('a');
    const before = find('a');
    directory.put(instance('a', { origin: 'http://127.0.0.1:2' }));
    expect([find('a') === before, before.pool.closed]).toEqual([false, true]);
    directory.put(instance('a', { isUp: false }));
    expect(chosen(1)).toEqual([undefined]);
  });
});
