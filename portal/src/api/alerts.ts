import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, told } from './client.ts';
import type { Alert, QuestionAnswer } from './types.ts';

type Header = { 'Idempotency-Key': string };

export const alertsKey = ['alerts'] as const;
export const alertKey = (id: string) => ['alert', id] as const;
export const whyKey = (id: string) => ['alert-why', id] as const;
const questionsKey = ['alert-questions'] as const;

/** Seconds after which alerts are read again while nothing tells of their changes, and while something does. */
const [oftenSeconds, seldomSeconds] = [10, 60];

/** Those that the practitioner watches over, the most urgent first. @param isActive somebody still has to see them */
export const useAlerts = (isActive: boolean, isLive: boolean) =>
  useInfiniteQuery({
    queryKey: [...alertsKey, isActive],
    staleTime: 0,
    refetchInterval: (isLive ? seldomSeconds : oftenSeconds) * 1_000,
    queryFn: ({ pageParam }: { pageParam?: string }) =>
      told(api.GET('/api/alerts', { params: { query: { active: isActive, limit: 50, cursor: pageParam } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });

export const useAlert = (id: string, isLive: boolean) =>
  useQuery({
    queryKey: alertKey(id),
    staleTime: 0,
    refetchInterval: (isLive ? seldomSeconds : oftenSeconds) * 1_000,
    queryFn: () => told(api.GET('/api/alerts/{id}', { params: { path: { id } } })),
  });

/** The rule as it was, the readings, what was missing, and who was told when. */
export const useWhy = (id: string) =>
  useQuery({
    queryKey: whyKey(id),
    staleTime: 0,
    queryFn: () => told(api.GET('/api/alerts/{id}/why', { params: { path: { id } } })),
  });

/** Whatever is answered: nobody is told any more. */
export const acknowledge = (id: string, header: Header): Promise<Alert> =>
  told(api.POST('/api/alerts/{id}/acknowledge', { params: { path: { id }, header } }));

/** @throws Refused 422 ALERT.SNOOZE_TOO_LONG, 409 ALERT.OVER */
export const snooze = (id: string, minutes: number, header: Header): Promise<Alert> =>
  told(api.POST('/api/alerts/{id}/snooze', { params: { path: { id }, header }, body: { minutes } }));

/** @throws Refused 422 ALERT.NOBODY_REACHABLE, 409 ALERT.OVER */
export const handOver = (id: string, practitionerId: string, header: Header): Promise<Alert> =>
  told(api.POST('/api/alerts/{id}/hand-over', { params: { path: { id }, header }, body: { practitionerId } }));

/** After an answer: what is known of the alert is shown, and the rest is read anew. */
export function useAlertChanged(): (alert: Alert | undefined, id?: string) => void {
  const client = useQueryClient();
  return (alert, id = alert?.id) => {
    if (alert) client.setQueryData(alertKey(alert.id), alert);
    else if (id) void client.invalidateQueries({ queryKey: alertKey(id) });
    if (id) void client.invalidateQueries({ queryKey: whyKey(id) });
    void client.invalidateQueries({ queryKey: alertsKey });
  };
}

/** Readings that rang nobody because something is wrong with them, the oldest first. */
export const useQuestions = () =>
  useQuery({
    queryKey: questionsKey,
    refetchInterval: seldomSeconds * 1_000,
    queryFn: () => told(api.GET('/api/alert-questions')),
  });

export const answerQuestion = (id: string, answer: QuestionAnswer, header: Header) =>
  told(api.POST('/api/alert-questions/{id}/answer', { params: { path: { id }, header }, body: { answer } }));

export function useQuestionsChanged(): () => Promise<unknown> {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: questionsKey });
}
