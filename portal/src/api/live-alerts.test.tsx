import { act } from '@testing-library/react';
import { useState } from 'react';
import { beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import { show } from '../../test/show.tsx';
import { session } from '../session/session.ts';
import { useAlert, useAlerts } from './alerts.ts';
import { useLiveAlerts } from './live-alerts.ts';

function Inbox() {
  const [isLive, setLive] = useState(false);
  useLiveAlerts(setLive);
  const all = useAlerts(true, isLive);
  const one = useAlert('one', isLive);
  const other = useAlert('other', isLive);
  return (
    <p>
      {all.data?.pages.flatMap(({ items }) => items).length} ring, {one.data?.status}, {other.data?.status},{' '}
      {isLive ? 'live' : 'now and then'}
    </p>
  );
}

let status: string;
let reads: string[];
let streams: { say(text: string): void; request: Request }[];

beforeEach(() => {
  [status, reads, streams] = ['open', [], []];
  vi.spyOn(session, 'accessToken').mockResolvedValue('token');
  vi.stubGlobal('fetch', async (request: Request) => {
    const { pathname } = new URL(request.url);
    if (!pathname.endsWith('/live/changes')) {
      reads.push(pathname);
      return Response.json(pathname === '/api/alerts' ? { items: [{ id: 'one' }] } : { id: 'one', status });
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

const readsOf = (pathname: string) => reads.filter((each) => each === pathname).length;

it('an alert that has changed is read anew with the list, and another one is not', async () => {
  const page = show(<Inbox />);
  await page.findByText('1 ring, open, open, live');
  const before = readsOf('/api/alerts/other');
  status = 'acknowledged';
  streams[0]?.say('id: 8\nevent: alert\ndata: {"alertId":"one"}\n\n');
  await page.findByText('1 ring, acknowledged, open, live');
  expect(readsOf('/api/alerts')).toBe(2);
  expect(readsOf('/api/alerts/other')).toBe(before);
});

it('all are read anew when what was missed is not known any more', async () => {
  const page = show(<Inbox />);
  await page.findByText('1 ring, open, open, live');
  status = 'cleared';
  streams[0]?.say('id: 9\nevent: reset\ndata: {}\n\n');
  await page.findByText('1 ring, cleared, cleared, live');
});

it('alerts are followed in the name of who looks, and only while the page is shown', async () => {
  const page = show(<Inbox />);
  await page.findByText('1 ring, open, open, live');
  expect(streams[0]?.request.headers.get('authorization')).toBe('Bearer token');
  expect(streams[0]?.request.headers.get('last-event-id')).toBeNull();
  const visibility = vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden');
  act(() => void document.dispatchEvent(new Event('visibilitychange')));
  await page.findByText('1 ring, open, open, now and then');
  expect(streams[0]?.request.signal.aborted).toBe(true);
  visibility.mockReturnValue('visible');
  act(() => void document.dispatchEvent(new Event('visibilitychange')));
  await page.findByText('1 ring, open, open, live');
  expect(streams).toHaveLength(2);
});
