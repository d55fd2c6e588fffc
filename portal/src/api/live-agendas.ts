import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { appointmentsKey } from './appointments.ts';
import { api, told } from './client.ts';
import { type AgendaTold, followAgendas } from './follow-agendas.ts';
import { useIsShown } from './is-shown.ts';

/**
 * Follows agendas while they are looked at: what changes in them is read anew.
 * @param practitionerIds sixteen at most
 * @param onLive told whether that is so; while it is not, they are to be read now and then
 */
export function useLiveAgendas(practitionerIds: readonly string[], onLive: (isLive: boolean) => void): void {
  const client = useQueryClient();
  const isShown = useIsShown();
  const ids = [...practitionerIds].sort().join();
  useEffect(() => {
    // A browser has few connections to a practice: what nobody looks at takes none.
    if (!ids || !isShown) return;
    const gone = new AbortController();
    void followAgendas({
      open: (after, signal) => open(ids, after, signal),
      onTold: (what) => readAnew(client, ids.split(','), what),
      onLive,
      signal: gone.signal,
    });
    return () => {
      gone.abort();
      onLive(false);
    };
  }, [ids, isShown, client, onLive]);
}

async function open(practitionerIds: string, after: string | undefined, signal: AbortSignal) {
  const body = await told(
    api.GET('/api/appointments/agendas/changes', {
      params: { query: { practitionerIds }, header: { 'Last-Event-ID': after } },
      headers: { Accept: 'text/event-stream' },
      parseAs: 'stream',
      signal,
    }),
  );
  if (!body) throw new TypeError('the answer has no body');
  return body;
}

function readAnew(client: QueryClient, followed: string[], { practitionerId, from, until }: AgendaTold): void {
  for (const id of practitionerId ? [practitionerId] : followed) {
    void client.invalidateQueries({
      queryKey: [...appointmentsKey, 'day', id],
      predicate: ({ queryKey }) => !from || !until || mayBeOn(String(queryKey.at(-1)), from, until),
    });
    void client.invalidateQueries({ queryKey: ['slots', id] });
  }
}

const hourMs = 3_600_000;
/** No clock in the world is further from UTC. */
const offsetMsMax = 14 * hourMs;

function mayBeOn(day: string, from: string, until: string): boolean {
  const start = Date.parse(`${day}T00:00:00Z`);
  return Date.parse(from) < start + 24 * hourMs + offsetMsMax && Date.parse(until) > start - offsetMsMax;
}
