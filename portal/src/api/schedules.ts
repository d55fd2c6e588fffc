import { queryOptions, useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { appointmentsKey } from './appointments.ts';
import { api, ifMatch, told } from './client.ts';
import type { AbsencePlanRequest, AbsenceRequest, Schedule, ScheduleRequest } from './types.ts';

const scheduleKey = (practitionerId: string) => ['schedule', practitionerId] as const;

/** When a practitioner receives, and when they are away. */
export const scheduleOf = (practitionerId: string) =>
  queryOptions({
    queryKey: scheduleKey(practitionerId),
    queryFn: () => told(api.GET('/api/schedules/{practitionerId}', { params: { path: { practitionerId } } })),
  });

export const useSchedule = (practitionerId: string) => useQuery(scheduleOf(practitionerId));

/** What was set, the newest first. @param version that in force: with another there is one more */
export const useScheduleVersions = (practitionerId: string, version: number) =>
  useInfiniteQuery({
    queryKey: [...scheduleKey(practitionerId), 'versions', version],
    queryFn: ({ pageParam: cursor }: { pageParam?: string }) =>
      told(
        api.GET('/api/schedules/{practitionerId}/versions', {
          params: { path: { practitionerId }, query: { cursor } },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });

/** Sets what is named; the rest stays as it is. @throws Refused 412 when somebody has changed any of it since */
export const setSchedule = ({ practitionerId, version, hours }: Schedule, change: Partial<ScheduleRequest>) =>
  told(
    api.PUT('/api/schedules/{practitionerId}', {
      params: { path: { practitionerId }, header: ifMatch({ version }) },
      body: { hours, ...change },
    }),
  );

/** What would become of each patient's appointment; nothing is changed. @throws Refused 422 when more than 200 are touched */
export const previewAbsence = (practitionerId: string, plan: AbsencePlanRequest) =>
  told(
    api.POST('/api/schedules/{practitionerId}/absences/preview', { params: { path: { practitionerId } }, body: plan }),
  );

/** Does what was previewed, and nothing else. @throws Refused 409 when something has changed since */
export const makeAbsent = (practitionerId: string, body: AbsenceRequest, header: { 'Idempotency-Key': string }) =>
  told(api.POST('/api/schedules/{practitionerId}/absences', { params: { path: { practitionerId }, header }, body }));

/** After a change: whatever shows hours, appointments or free times asks again. */
export function useScheduleChanged(practitionerId: string) {
  const client = useQueryClient();
  return (schedule?: Schedule) => {
    if (schedule) client.setQueryData(scheduleKey(practitionerId), schedule);
    for (const queryKey of [scheduleKey(practitionerId), appointmentsKey, ['slots']])
      void client.invalidateQueries({ queryKey });
  };
}
