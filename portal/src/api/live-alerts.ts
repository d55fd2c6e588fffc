import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { alertKey, alertsKey, whyKey } from './alerts.ts';
import { api, told } from './client.ts';
import type { StreamEvent } from './event-stream.ts';
import { follow } from './follow.ts';
import { useIsShown } from './is-shown.ts';

/**
 * Follows alerts while they are looked at: what has become of them is read anew, the answers of colleagues too.
 * @param onLive told whether that is so; while it is not, they are to be read now and then
 */
export function useLiveAlerts(onLive: (isLive: boolean) => void): void {
  const client = useQueryClient();
  const isShown = useIsShown();
  useEffect(() => {
    if (!isShown) return;
    const gone = new AbortController();
    void follow({ open, onEvent: (event) => readAnew(client, event), onLive, signal: gone.signal });
    return () => {
      gone.abort();
      onLive(false);
    };
  }, [isShown, client, onLive]);
}

async function open(after: string | undefined, signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
  const body = await told(
    api.GET('/api/alerts/live/changes', {
      params: { header: { 'Last-Event-ID': after } },
      headers: { Accept: 'text/event-stream' },
      parseAs: 'stream',
      signal,
    }),
  );
  if (!body) throw new TypeError('the answer has no body');
  return body;
}

/** Of one alert, or of all when it is not known which have changed. */
function readAnew(client: QueryClient, { event, data }: StreamEvent): void {
  const { alertId }: { alertId?: string } = event === 'alert' ? JSON.parse(data) : {};
  void client.invalidateQueries({ queryKey: alertsKey });
  void client.invalidateQueries({ queryKey: alertId ? alertKey(alertId) : ['alert'] });
  void client.invalidateQueries({ queryKey: alertId ? whyKey(alertId) : ['alert-why'] });
}
