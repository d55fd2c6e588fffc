import type { gatewayApi } from '@cabinet/contracts';
import { useMutation, useQuery } from '@tanstack/react-query';
import { now } from '../time/server-clock.ts';
import { api, told } from './client.ts';
import { nameOfPractitioner } from './practitioners.ts';
import type { Calendar } from './types.ts';

export type ServiceState = gatewayApi.components['schemas']['ServiceState'];
export type Registry = gatewayApi.components['schemas']['System']['registry'];
export type DeadLetter = gatewayApi.components['schemas']['DeadLetter'];
export type DeadLetterReason = gatewayApi.components['schemas']['DeadLetterReason'];
export type DeadLetterFilter = gatewayApi.components['schemas']['DeadLetterFilter'];

/** Seconds after which it is asked again, while somebody looks. */
const readAgainSeconds = 5;

/** How the process of the gateway that answers sees the processes behind it. */
export const useSystem = () =>
  useQuery({
    queryKey: ['system'],
    refetchInterval: readAgainSeconds * 1_000,
    queryFn: () => told(api.GET('/api/system')),
  });

/** Which services there are, for who chooses one. */
export const useServiceNames = () =>
  useQuery({
    queryKey: ['system', 'names'],
    staleTime: 60_000,
    queryFn: async () => (await told(api.GET('/api/system'))).services.map(({ name }) => name).sort(),
  });

/** A calendar elsewhere, and whose it is. */
export interface OwnedCalendar {
  calendar: Calendar;
  practitionerId: string;
  owner: string;
}

/** All calendars elsewhere, asked one practitioner after the other, since there may be hundreds: when somebody wants to know. */
export const useCalendarsLookedAt = () =>
  useMutation({
    mutationFn: async () => {
      const all: OwnedCalendar[] = [];
      let cursor: string | undefined;
      do {
        const page = await told(api.GET('/api/practitioners', { params: { query: { limit: 200, cursor } } }));
        for (const each of page.items) {
          const query = { practitionerId: each.id };
          const { items } = await told(api.GET('/api/calendars', { params: { query } }));
          const [practitionerId, owner] = [each.id, nameOfPractitioner(each)];
          all.push(...items.map((calendar) => ({ calendar, practitionerId, owner })));
        }
        cursor = page.nextCursor;
      } while (cursor);
      return { all, at: now() };
    },
  });

export const deadLettersKey = ['dead-letters'] as const;

export const useDeadLetters = () =>
  useQuery({ queryKey: deadLettersKey, queryFn: () => told(api.GET('/api/system/dead-letters')) });

export const replayLetters = (body: DeadLetterFilter) => told(api.POST('/api/system/dead-letters/replay', { body }));

/** They are gone then, for ever. */
export const dropLetters = (body: DeadLetterFilter) => told(api.POST('/api/system/dead-letters/drop', { body }));
