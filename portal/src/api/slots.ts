import { queryOptions, useInfiniteQuery, useQueries, useQuery } from '@tanstack/react-query';
import { dateAt, daysAfter } from '../time/zone.ts';
import { api, told } from './client.ts';
import type { Appointment, Slot, SlotRefusal } from './types.ts';

/** Days that one step of a search looks at. */
const stepDays = 14;

const slotsIn = (practitionerId: string, appointmentTypeId: string, from: string, to: string, limit = 500) =>
  told(api.GET('/api/slots', { params: { query: { practitionerId, appointmentTypeId, from, to, limit } } }));

/** Free times of a practitioner for a kind of visit from a date on, a fortnight at a time. */
export const useSlots = (practitionerId: string, appointmentTypeId: string | undefined, from: string) =>
  useInfiniteQuery({
    queryKey: ['slots', practitionerId, appointmentTypeId, from],
    enabled: appointmentTypeId !== undefined,
    queryFn: ({ pageParam }: { pageParam: string }) =>
      slotsIn(practitionerId, appointmentTypeId as string, pageParam, daysAfter(pageParam, stepDays - 1)),
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

/** Those of one day. */
export const slotsOn = (practitionerId: string, appointmentTypeId: string | undefined, day: string) =>
  queryOptions({
    queryKey: ['slots', practitionerId, 'day', appointmentTypeId, day],
    enabled: appointmentTypeId !== undefined,
    queryFn: () => slotsIn(practitionerId, appointmentTypeId as string, day, day),
  });

/** Days in which the first free times are searched, and how many of each practitioner are of use on the telephone. */
const firstWithin = { days: 28, count: 6 };

/** The first of a practitioner from a date on. */
export const firstSlots = (practitionerId: string, appointmentTypeId: string | undefined, from: string) =>
  queryOptions({
    queryKey: ['slots', practitionerId, 'first', appointmentTypeId, from],
    enabled: appointmentTypeId !== undefined,
    queryFn: () =>
      slotsIn(
        practitionerId,
        appointmentTypeId as string,
        from,
        daysAfter(from, firstWithin.days - 1),
        firstWithin.count,
      ),
  });

export interface TimeAsked {
  practitionerId: string;
  appointmentTypeId: string;
  /** The instant that is asked about. */
  at: string;
}

const explanationOf = (query: TimeAsked) =>
  queryOptions({
    queryKey: ['slots', query.practitionerId, 'explain', query],
    queryFn: () => told(api.GET('/api/slots/explain', { params: { query } })),
  });

export const useExplanations = (asked: readonly TimeAsked[]) => useQueries({ queries: asked.map(explanationOf) });

/**
 * Why a time is not offered, or that it is, and what is free next.
 * @param moving what is to go there: it is not in its own way
 */
export const useExplained = (query: TimeAsked, moving?: Appointment) =>
  useQuery({
    ...explanationOf(query),
    select: ({ zone, ...answer }) => {
      const reasons = moving ? othersThan(moving, answer.reasons, query, zone) : answer.reasons;
      return { ...answer, zone, reasons, isOffered: reasons.length === 0 };
    },
  });

/** What counts whole days or rooms does not say whose they are: within its day that is for the service to decide. */
const uncertain = ['APPOINTMENT.DAY_FULL', 'APPOINTMENT.RESOURCE_TAKEN', 'APPOINTMENT.GROUP_FULL'];

export function othersThan(
  { id, practitionerId, start }: Appointment,
  reasons: readonly SlotRefusal[],
  asked: Pick<TimeAsked, 'practitionerId' | 'at'>,
  zone: string,
): SlotRefusal[] {
  const isItsDay = asked.practitionerId === practitionerId && dateAt(asked.at, zone) === dateAt(start, zone);
  return reasons
    .filter(({ appointmentId }) => appointmentId !== id)
    .filter(({ code, appointmentId }) => !(isItsDay && !appointmentId && uncertain.includes(code)));
}
