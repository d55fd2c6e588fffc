import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, told } from './client.ts';
import type { WebhookRequest } from './types.ts';

const webhooksKey = ['webhooks'] as const;
type Key = { 'Idempotency-Key': string };

/** Programs of others that are told what happens. */
export const useWebhooks = () =>
  useQuery({ queryKey: [...webhooksKey, 'all'], queryFn: () => told(api.GET('/api/webhooks')) });

export const useWebhook = (id: string) =>
  useQuery({
    queryKey: [...webhooksKey, id],
    queryFn: () => told(api.GET('/api/webhooks/{id}', { params: { path: { id } } })),
  });

/** What one was told, the newest first. */
export const useWebhookDeliveries = (id: string) =>
  useInfiniteQuery({
    queryKey: [...webhooksKey, id, 'deliveries'],
    queryFn: ({ pageParam }: { pageParam?: string }) => {
      const query = { limit: 50, cursor: pageParam };
      return told(api.GET('/api/webhooks/{id}/deliveries', { params: { path: { id }, query } }));
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });

/** The answer has what its receiver verifies by, this once. @throws Refused 422 for an address within the practice; 409 when there are twenty */
export const addWebhook = (body: WebhookRequest) => told(api.POST('/api/webhooks', { body }));

/** As above; the key of before signs beside the new one for a day. */
export const replaceWebhookKey = (id: string) =>
  told(api.POST('/api/webhooks/{id}/rotate', { params: { path: { id } } }));

export const enableWebhook = (id: string, header: Key) =>
  told(api.POST('/api/webhooks/{id}/enable', { params: { path: { id }, header } }));

/** With all that it was told. */
export const removeWebhook = (id: string) =>
  told(api.DELETE('/api/webhooks/{id}', { params: { path: { id } }, keepalive: true }));

/** Under the id that it had. @throws Refused 409 when the webhook is disabled */
export const replayDelivery = (id: string, deliveryId: string, header: Key) =>
  told(api.POST('/api/webhooks/{id}/deliveries/{deliveryId}/replay', { params: { path: { id, deliveryId }, header } }));

/** To be called when one was changed, or may have been. */
export function useWebhooksChanged(): () => Promise<unknown> {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: webhooksKey });
}
