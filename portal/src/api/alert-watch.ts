import { useQuery, useQueryClient } from '@tanstack/react-query';
import { api, ifMatch, told } from './client.ts';
import type { WatchSettings, WatchSettingsRequest } from './types.ts';

const watchKey = ['alert-watch'] as const;

/** Seconds after which the heartbeat is asked for again: what is older than a minute says nothing. */
const beatSeconds = 15;

/** Whether and how the practice watches. */
export const useWatch = () => useQuery({ queryKey: watchKey, queryFn: () => told(api.GET('/api/alert-watch')) });

/** @throws Refused 412 when somebody has changed it since */
export const setWatch = (read: WatchSettings, body: WatchSettingsRequest): Promise<WatchSettings> =>
  told(api.PUT('/api/alert-watch', { params: { header: ifMatch(read) }, body }));

export function useWatchChanged(): (settings?: WatchSettings) => void {
  const client = useQueryClient();
  return (settings) => {
    if (settings) client.setQueryData(watchKey, settings);
    else void client.invalidateQueries({ queryKey: watchKey, exact: true });
    void client.invalidateQueries({ queryKey: [...watchKey, 'heartbeat'] });
  };
}

/** Whether readings come and are looked at. */
export const useHeartbeat = () =>
  useQuery({
    queryKey: [...watchKey, 'heartbeat'],
    staleTime: 0,
    refetchInterval: beatSeconds * 1_000,
    queryFn: () => told(api.GET('/api/alert-watch/heartbeat')),
  });
