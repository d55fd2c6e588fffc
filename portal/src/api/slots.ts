import { useInfiniteQuery, useQueries, useQuery } from '@tanstack/react-query';
import { daysAfter } from '../time/zone.ts';
import { api, told } from './client.ts';
import type { Slot } from './types.ts';

/** Days that one step of a search looks at. */
const stepDays = 14;

/** Free times of a practitioner for a kind of visit from a date on, a fortnight at a time. */
export const useSlots = (practitionerId: string, appointmentTypeId: string | undefined, from: string) =>
  useInfiniteQuery({
    queryKey: ['slots', practitionerId, appointmentTypeId, from],
    enabled: appointmentTypeId !== undefined,
    queryFn: ({ pageParam }: { pageParam: string }) =>
      told(
        api.GET('/api/slots', {
          params: {
            query: {
              practitionerId,
              appointmentTypeId,
              from: pageParam,
              to: daysAfter(pageParam, stepDays - 1),
              limit: 500,
            },
          },
        }),
      ),
    initialPageParam: from,
    getNextPageParam: (_last, _pages, lastFrom: string) => daysAfter(lastFrom, stepDays),
  });

/** The most that are told at once. */
const pageMax = 2_000;

/** All free times of a practitioner for a kind of visit, from a date to another (inclusive). */
export const useOffers = (practitionerId: string, appointmentTypeId: string | undefined, from: string, to: string) =>
  useQuery({
    queryKey: ['slots', 'offers', practitionerId, appointmentTypeId, from, to],
    enabled: appointmentTypeId !== undefined,
    queryFn: async ({ signal }) => {
      const all: Slot[] = [];
      let cursor: string | undefined;
      do {
        const query = { practitionerId, appointmentTypeId, from, to, limit: pageMax, cursor };
        const page = await told(api.GET('/api/slots', { params: { query }, signal }));
        all.push(...page.items);
        cursor = page.nextCursor;
      } while (cursor);
      return all;
    },
  });

export interface TimeAsked {
  practitionerId: string;
  appointmentTypeId: string;
  /** The instant. */
  at: string;
}

/** Why a time is offered, or is not. */
const explanationOf = (query: TimeAsked) => ({
  queryKey: ['slots', 'explain', query],
  queryFn: () => told(api.GET('/api/slots/explain', { params: { query } })),
});

export const useExplanation = (asked: TimeAsked) => useQuery(explanationOf(asked));

export const useExplanations = (asked: readonly TimeAsked[]) => useQueries({ queries: asked.map(explanationOf) });
