import { useInfiniteQuery } from '@tanstack/react-query';
import { daysAfter } from '../time/zone.ts';
import { api, told } from './client.ts';

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
