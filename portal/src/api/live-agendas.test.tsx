import { useQuery } from '@tanstack/react-query';
import { act } from '@testing-library/react';
import { useState } from 'react';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { show } from '../../test/show.tsx';
import { session } from '../session/session.ts';
import { dayOf } from './appointments.ts';
import { useLiveAgendas } from './live-agendas.ts';

const day = '2026-11-23';

function Desk() {
  const [isLive, setLive] = useState(false);
  const { data } = useQuery(dayOf('p', day, isLive));
  useLiveAgendas(['p'], setLive);
  return (
    <p>
      {data?.items.length} booked, {isLive ? 'live' : 'now and then'}
    </p>
  );
}

let booked: object[];
let streams: { say(text: string): void; request: Request }[];
let reads: number;

beforeEach(() => {
  booked = [];
  streams = [];
  reads = 0;
  vi.spyOn(session, 'accessToken').mockResolvedValue('token');
  vi.stubGlobal('fetch', async (request: Request) => {
    if (!request.url.includes('/agendas/changes')) {
      reads += 1;
      return Response.json({ items: booked });
    }
    const body = new ReadableStream({
      start(stream) {
        const say = (text: string) => stream.enqueue(new TextEncoder().encode(text));
        streams.push({ say, request });
        request.signal.addEventListener('abort', () => stream.error(request.signal.reason));
      },
    });
    return new Response(body, { headers: { 'Content-Type': 'text/event-stream' } });
  });
  onTestFinished(() => {
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
  });
});

const told = (data: object) => `id: 8\nevent: agenda\ndata: ${JSON.stringify({ practitionerId: 'p', ...data })}\n\n`;

describe('an agenda that is looked at', () => {
  it('is read anew when another desk has changed that day, and not for another day', async () => {
    const page = show(<Desk />);
    await page.findByText('0 booked, live');
    expect(streams[0]?.request.headers.get('authorization')).toBe('Bearer token');
    expect(streams[0]?.request.url).toContain('practitionerIds=p');
    streams[0]?.say('id: 7\nevent: open\ndata: {}\n\n');
    await vi.waitFor(() => expect(reads).toBe(2));
    booked = [{}];
    streams[0]?.say(told({ from: '2026-12-01T09:00:00Z', until: '2026-12-01T10:00:00Z' }));
    streams[0]?.say(told({ from: '2026-11-23T09:00:00Z', until: '2026-11-23T10:00:00Z' }));
    await page.findByText('1 booked, live');
    expect(reads).toBe(3);
  });

  it('is followed no more when its page is left', async () => {
    const page = show(<Desk />);
    await page.findByText('0 booked, live');
    page.unmount();
    expect(streams[0]?.request.signal.aborted).toBe(true);
    expect(streams).toHaveLength(1);
  });

  it('is followed only while its page is shown', async () => {
    const page = show(<Desk />);
    await page.findByText('0 booked, live');
    const visibility = vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden');
    act(() => void document.dispatchEvent(new Event('visibilitychange')));
    await page.findByText('0 booked, now and then');
    expect(streams[0]?.request.signal.aborted).toBe(true);
    visibility.mockReturnValue('visible');
    act(() => void document.dispatchEvent(new Event('visibilitychange')));
    await page.findByText('0 booked, live');
    expect(streams).toHaveLength(2);
  });
});
