import { useQuery, useQueryClient } from '@tanstack/react-query';
import { appointmentsKey } from './appointments.ts';
import { api, ifMatch, told } from './client.ts';
import type {
  Calendar,
  CalendarCredentials,
  CalendarRequest,
  CalendarSettings,
  DiscoveryRequest,
  GoogleRequest,
} from './types.ts';

const calendarsKey = (practitionerId: string) => ['calendars', practitionerId] as const;
/** With appointments: a conflict ends when one is moved. */
const conflictsKey = (practitionerId: string) => [...appointmentsKey, 'conflicts', practitionerId] as const;

/** Seconds after which calendars that are looked at are asked about again: they are read by themselves, and may fail. */
const readAgainSeconds = 60;

type Key = { 'Idempotency-Key': string };

/**
 * For mutations that send or give what opens a calendar: neither is kept by the page for longer than it is looked at, as
 * mutations would be for minutes.
 */
export const keptNowhere = { gcTime: 0 } as const;

/** What a practitioner has elsewhere, and how well it is known. */
export const useCalendars = (practitionerId: string) =>
  useQuery({
    queryKey: calendarsKey(practitionerId),
    refetchInterval: readAgainSeconds * 1_000,
    queryFn: () => told(api.GET('/api/calendars', { params: { query: { practitionerId } } })),
  });

/** Appointments ahead that stand where a calendar has taken the time too. */
export const useCalendarConflicts = (practitionerId: string) =>
  useQuery({
    queryKey: conflictsKey(practitionerId),
    refetchInterval: readAgainSeconds * 1_000,
    queryFn: () => told(api.GET('/api/calendars/conflicts', { params: { query: { practitionerId } } })),
  });

/** After a change: whatever shows calendars, conflicts or free times asks again. */
export function useCalendarsChanged(practitionerId: string) {
  const client = useQueryClient();
  return () => {
    for (const queryKey of [calendarsKey(practitionerId), conflictsKey(practitionerId), ['slots']])
      void client.invalidateQueries({ queryKey });
  };
}

/** The calendars that a server has for who signs in there. @throws Refused 422 naming what is wrong; nothing is kept */
export const findCalendars = (body: DiscoveryRequest) => told(api.POST('/api/calendars/discovery', { body }));

/** Tries it, and reads it before it answers. @throws Refused 422 naming what is wrong; nothing is kept then */
export const connectCalendar = (body: CalendarRequest, header: Key) =>
  told(api.POST('/api/calendars', { body, params: { header } }));

/** Where to go to allow it. @throws Refused 409 when the practice is not registered at Google */
export const beginAtGoogle = (body: GoogleRequest) => told(api.POST('/api/calendars/google/authorization', { body }));

/** With what Google sent back, once. @throws Refused 422 for what was not begun by the same person within ten minutes */
export const finishAtGoogle = (body: { state: string; code: string }, header: Key) =>
  told(api.POST('/api/calendars/google', { body, params: { header } }));

const at = ({ id }: Calendar) => ({ params: { path: { id } } });

/** Sets what is named. @throws Refused 412 when somebody has changed any of it since */
export const changeCalendar = (calendar: Calendar, body: CalendarSettings) =>
  told(api.PUT('/api/calendars/{id}', { params: { path: { id: calendar.id }, header: ifMatch(calendar) }, body }));

/** @throws Refused 422 when it is not opened by them; the old ones are kept then */
export const reconnectCalendar = (calendar: Calendar, body: CalendarCredentials) =>
  told(api.PUT('/api/calendars/{id}/access', { ...at(calendar), body }));

/** The calendar as it is once it was read, or could not be. */
export const readCalendarNow = (calendar: Calendar) => told(api.POST('/api/calendars/{id}/sync', at(calendar)));

/** Its times are offered again; what was written there stays. */
export const disconnectCalendar = (calendar: Calendar) =>
  told(api.DELETE('/api/calendars/{id}', { ...at(calendar), keepalive: true }));

const feedOf = (practitionerId: string) => ({ params: { path: { practitionerId } } });

/** A new address, shown this once; the one before ends. */
export const giveFeed = (practitionerId: string) =>
  told(api.PUT('/api/calendars/feeds/{practitionerId}', feedOf(practitionerId)));

export const endFeed = (practitionerId: string) =>
  told(api.DELETE('/api/calendars/feeds/{practitionerId}', { ...feedOf(practitionerId), keepalive: true }));
