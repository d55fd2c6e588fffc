import { describe, expect, it, onTestFinished } from 'vitest';
import { Directory } from './directory.js';
import type { Instance } from './instance.js';
import { type Upstream, type UpstreamSettings, usualUpstreamSettings } from './upstream.js';
import { Upstreams } from './upstreams.js';

const instance = (id: string, facts: Partial<Instance> = {}): Instance => ({
  id,
  service: 'patient',
  origin: 'http://127.0.0.1:1',
  isUp: true,
  leaseMs: 15_000,
  ...facts,
});

const build = (...ids: string[]) => buildWith({}, ids);

function buildWith(settings: Partial<UpstreamSettings>, ids: string[]) {
  let now = 0;
  const directory = new Directory(() => now);
  const upstreams = new Upstreams(
    directory,
    { ...usualUpstreamSettings, skipMs: 1_000, warmUpMs: 0, ...settings },
    () => now,
  );
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

  it('sends less to an instance that has more under way', () => {
    const { chosen, find } = build('slow', 'fast', 'quick');
    find('slow').inFlight = 50;
    for (const id of ['fast', 'quick']) find(id).inFlight = 1;
    const slow = chosen(300).filter((id) => id === 'slow').length;
    // It comes only when both choices fall on it: one in nine.
    expect(slow).toBeLessThan(80);
    expect(slow).toBeGreaterThan(5);
  });

  it('stays in its own zone while anybody there can be asked', () => {
    const { chosen, find, upstreams, directory } = buildWith({ zone: 'lyon' }, ['far']);
    for (const id of ['a', 'b']) directory.put(instance(id, { zone: 'lyon' }));
    directory.put(instance('farther', { zone: 'paris' }));
    expect(new Set(chosen(20))).toEqual(new Set(['a', 'b']));
    for (const id of ['a', 'b']) upstreams.skip(find(id));
    expect(new Set(chosen(20))).toEqual(new Set(['far', 'farther']));
  });

  it('ejects an instance that fails again and again, longer each time, and takes it back', () => {
    const { chosen, find, upstreams, pass } = buildWith({ failuresMax: 3, ejectMs: 1_000 }, ['a', 'b']);
    const fail = (count: number) => {
      for (let i = 0; i < count; i++) upstreams.note(find('a'), true);
    };
    fail(2);
    expect(chosen(4)).toContain('a');
    upstreams.note(find('a'), false);
    fail(2);
    expect(chosen(4)).toContain('a');
    fail(1);
    expect(chosen(4)).not.toContain('a');
    pass(1_000);
    expect(chosen(4)).toContain('a');
    fail(3);
    pass(1_999);
    expect(chosen(4)).not.toContain('a');
    pass(1);
    expect(chosen(4)).toContain('a');
    for (let i = 0; i < 3; i++) upstreams.note(find('a'), false);
    expect(find('a').ejections).toBe(0);
  });

  it('never ejects more than half of the instances', () => {
    const ids = ['a', 'b', 'c', 'd', 'e'];
    const { find, upstreams, chosen } = buildWith({ failuresMax: 1 }, ids);
    for (const id of ids) upstreams.note(find(id), true);
    expect(ids.filter((id) => upstreams.isSkipped(find(id)))).toEqual(['a', 'b']);
    const alone = buildWith({ failuresMax: 1 }, ['only']);
    alone.upstreams.note(alone.find('only'), true);
    expect(alone.upstreams.isSkipped(alone.find('only'))).toBe(false);
    expect(new Set(chosen(30))).toEqual(new Set(['c', 'd', 'e']));
  });

  it('gives an instance that joins little at first, and its full share after the warm-up', () => {
    const { directory, chosen, pass } = buildWith({ warmUpMs: 10_000 }, ['a', 'b']);
    pass(10_000);
    directory.put(instance('new'));
    const shareOfNew = () => chosen(600).filter((id) => id === 'new').length / 600;
    expect(shareOfNew()).toBeLessThan(0.15);
    expect(shareOfNew()).toBeGreaterThan(0);
    pass(10_000);
    expect(shareOfNew()).toBeCloseTo(1 / 3, 1);
  });
});
