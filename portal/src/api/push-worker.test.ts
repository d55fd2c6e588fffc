import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';

const code = readFileSync(join(import.meta.dirname, '../../public/push-worker.js'), 'utf8');

/** The worker as a browser runs it, and what it did there. */
function begin(open: { focus(): void }[] = []) {
  const listeners = new Map<string, (event: object) => void>();
  const done: unknown[] = [];
  runInNewContext(code, {
    addEventListener: (type: string, listener: (event: object) => void) => listeners.set(type, listener),
    skipWaiting: async () => done.push('skipWaiting'),
    registration: { showNotification: async (...its: unknown[]) => done.push(its) },
    clients: {
      matchAll: async (query: object) => (JSON.stringify(query).includes('"includeUncontrolled":true') ? open : []),
      openWindow: async (path: string) => done.push(path),
    },
  });
  const happens = async (type: string, event: object = {}) => {
    const waits: Promise<unknown>[] = [];
    listeners.get(type)?.({ ...event, waitUntil: (what: Promise<unknown>) => waits.push(what) });
    expect(waits).toHaveLength(1);
    await Promise.all(waits);
  };
  return { done, happens };
}

const clicked = (done: unknown[]) => ({ notification: { close: () => done.push('closed') } });

describe('the worker that is pushed to', () => {
  it('shows what was pushed as it was written, in its language, in the place of what it said of the same message', async () => {
    const { done, happens } = begin();
    const message = { id: 'm1', title: 'Cabinet des Lilas', body: 'Un message vous attend.', language: 'fr' };
    await happens('push', { data: { json: () => message } });
    const { title, body } = message;
    expect(done).toEqual([[title, { body, lang: 'fr', tag: 'm1', icon: '/icon.svg' }]]);
  });

  it('shows something also when nothing came with it, as a browser asks of who is let push', async () => {
    const { done, happens } = begin();
    await happens('push', { data: null });
    expect(done).toMatchObject([['Cabinet', {}]]);
  });

  it('leads to the portal: where it is open already, as it stands there', async () => {
    const closed = begin();
    await closed.happens('notificationclick', clicked(closed.done));
    expect(closed.done).toEqual(['closed', '/']);
    let focused = 0;
    const open = begin([{ focus: () => (focused += 1) }]);
    await open.happens('notificationclick', clicked(open.done));
    expect([open.done, focused]).toEqual([['closed'], 1]);
  });

  it('takes the place of an older one at once', async () => {
    const { done, happens } = begin();
    await happens('install');
    expect(done).toEqual(['skipWaiting']);
  });
});
