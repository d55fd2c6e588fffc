import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { type AgendaTold, followAgendas } from './follow-agendas.ts';
import { Refused, Unreachable } from './problem.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const refused = (status: number, retryAfterSeconds?: number) =>
  new Refused({ status, code: 'C', title: '', fields: [], requestId: 'r' }, retryAfterSeconds);

/** Follows a teller whose every answer is made by the test: a stream to write to, or a refusal. */
function follow(...refusals: (Error | undefined)[]) {
  const gone = new AbortController();
  onTestFinished(() => gone.abort());
  const asked: (string | undefined)[] = [];
  const told: AgendaTold[] = [];
  const live: boolean[] = [];
  const streams: ReadableStreamDefaultController<Uint8Array>[] = [];
  const over = followAgendas({
    open: async (after, signal) => {
      asked.push(after);
      const refusal = refusals.shift();
      if (refusal) throw refusal;
      return new ReadableStream({
        start(stream) {
          streams.push(stream);
          signal.addEventListener('abort', () => stream.error(signal.reason));
        },
      });
    },
    onTold: (what) => told.push(what),
    onLive: (isLive) => live.push(isLive),
    signal: gone.signal,
  });
  const say = async (text: string) => {
    streams.at(-1)?.enqueue(new TextEncoder().encode(text));
    await vi.advanceTimersByTimeAsync(0);
  };
  return { asked, told, live, streams, over, say, end: () => gone.abort() };
}

const agenda = 'id: 7\nevent: agenda\ndata: {"practitionerId":"p","from":"a","until":"b"}\n\n';

describe('following agendas', () => {
  it('hears what changed, whole or in pieces, and that everything is to be read anew', async () => {
    const { told, live, say } = follow();
    await say(': alive\n\nid: 5\nevent: open\ndata: {}\n\n');
    await say(agenda.slice(0, 20));
    await say(`${agenda.slice(20)}: alive\n\n`);
    expect(told).toEqual([{}, { practitionerId: 'p', from: 'a', until: 'b' }]);
    expect(live).toEqual([true]);
  });

  it('comes back with what was heard last, at once after a long while', async () => {
    const { asked, live, streams, say } = follow();
    for (let seconds = 0; seconds < 600; seconds += 10) {
      await say(': alive\n\n');
      await vi.advanceTimersByTimeAsync(10_000);
    }
    await say(agenda);
    streams[0]?.close();
    await vi.advanceTimersByTimeAsync(500);
    expect(asked).toEqual([undefined, '7']);
    expect(live).toEqual([true, false, true]);
  });

  it('comes back later each time that it fails, half a minute at most', async () => {
    const { asked } = follow(...Array.from({ length: 30 }, () => new Unreachable(undefined)));
    await vi.advanceTimersByTimeAsync(10_000);
    const atFirst = asked.length;
    expect(atFirst).toBeGreaterThanOrEqual(4);
    await vi.advanceTimersByTimeAsync(60_000);
    const before = asked.length;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked.length - before).toBeGreaterThanOrEqual(2);
    expect(asked.length - before).toBeLessThanOrEqual(4);
  });

  it('comes back no sooner than it was told to', async () => {
    const { asked } = follow(refused(503, 30));
    await vi.advanceTimersByTimeAsync(29_000);
    expect(asked).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(asked).toHaveLength(2);
  });

  it('gives up a stream without a sign of life', async () => {
    const { asked, live, say } = follow();
    await say(agenda);
    await vi.advanceTimersByTimeAsync(24_000);
    expect(live).toEqual([true]);
    await vi.advanceTimersByTimeAsync(3_000);
    expect(asked).toEqual([undefined, '7']);
    expect(live).toEqual([true, false, true]);
  });

  it('asks no more where it may not, nor when it was ended', async () => {
    const forbidden = follow(refused(403));
    await forbidden.over;
    expect(forbidden.live).toEqual([false]);
    const ended = follow();
    await ended.say(agenda);
    ended.end();
    await ended.over;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(ended.asked).toHaveLength(1);
    expect(ended.live).toEqual([true]);
  });
});
