import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { endOfDay, startOfDay } from '../time/days.ts';
import { api, told } from './client.ts';
import type { AuditEvent, Unavailable } from './types.ts';

/** What is searched for; what is empty may be anything. */
export interface AuditSearch {
  service: string;
  subject: string;
  actor: string;
  action: string;
  /** Days (YYYY-MM-DD), both inclusive. */
  from: string;
  until: string;
}

const queryOf = ({ from, until, ...words }: AuditSearch) => ({
  ...Object.fromEntries(
    Object.entries(words).flatMap(([name, word]) => (word.trim() === '' ? [] : [[name, word.trim()]])),
  ),
  ...(from && { from: startOfDay(from) }),
  ...(until && { to: endOfDay(until) }),
});

/** A page of the audit trails of all services, the latest first. */
const pageOf = (search: AuditSearch, limit: number, cursor?: string) =>
  told(api.GET('/api/system/audit', { params: { query: { ...queryOf(search), limit, cursor } } }));

export const useAudit = (search: AuditSearch) =>
  useInfiniteQuery({
    queryKey: ['audit', search],
    queryFn: ({ pageParam }: { pageParam?: string }) => pageOf(search, 50, pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });

/** More lines than this go into no file. */
export const exportMax = 20_000;

/** All that fits, for a file; `isCut` when there is more, and `unavailable` names whose trails are not in it. */
export async function exportAudit(search: AuditSearch) {
  const events: AuditEvent[] = [];
  const unavailable = new Map<string, Unavailable>();
  let cursor: string | undefined;
  do {
    const page = await pageOf(search, 200, cursor);
    events.push(...page.items);
    for (const each of page.unavailable) unavailable.set(each.service, each);
    cursor = page.nextCursor;
  } while (cursor && events.length < exportMax);
  return { events, isCut: cursor !== undefined, unavailable: [...unavailable.values()] };
}

/** What somebody did last, as far as it concerned somebody: the trails have nothing else. */
export const useLastActs = (actor: string) =>
  useQuery({
    queryKey: ['audit', 'last', actor],
    queryFn: () => told(api.GET('/api/system/audit', { params: { query: { actor, limit: 5 } } })),
  });
