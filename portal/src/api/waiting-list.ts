import { useQueries, useQuery, useQueryClient } from '@tanstack/react-query';
import { appointmentsKey } from './appointments.ts';
import { api, ifMatch, told } from './client.ts';
import type { Offer, Waiting, WaitingDetails } from './types.ts';

const waitingKey = ['waiting-list'] as const;

/** Seconds after which offers are read again while they are looked at: one may come, or end, at any time. */
const offersSeconds = 20;
/** Entries that are read at most, in steps of what an answer holds. */
const entriesMax = 1_000;
const stepEntries = 200;

type WaitingStatus = Waiting['status'];
interface Filter {
  patientId?: string;
  practitionerId?: string;
  status?: WaitingStatus;
}

/** Everybody who waits, in the order in which they are offered what is free. `isCut`: there are more than are read. */
async function readAll(filter: Filter): Promise<{ items: Waiting[]; isCut: boolean }> {
  const items: Waiting[] = [];
  let cursor: string | undefined;
  do {
    const query = { ...filter, limit: stepEntries, cursor };
    const page = await told(api.GET('/api/waiting-list', { params: { query } }));
    items.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor && items.length < entriesMax);
  return { items, isCut: cursor !== undefined };
}

const listOf = (filter: Filter) => ({
  queryKey: [...waitingKey, 'list', filter] as const,
  refetchInterval: offersSeconds * 1_000,
  queryFn: () => readAll(filter),
});

export const useWaitingOf = (patientId: string, status?: WaitingStatus) => useQuery(listOf({ patientId, status }));

/** Who is on the list of a practitioner, or of all for whom the reader works. */
export const useWaitingFor = (practitionerId: string | undefined, status: 'waitlist' | 'proposed') =>
  useQuery(listOf({ practitionerId, status }));

const detailsOf = (id: string) => ({
  queryKey: [...waitingKey, 'one', id] as const,
  refetchInterval: offersSeconds * 1_000,
  queryFn: () => told(api.GET('/api/waiting-list/{id}', { params: { path: { id } } })),
});

/** One entry, with all that was offered, the last in front. */
export const useWaiting = (id: string) => useQuery(detailsOf(id));

/** Several entries with their offers, as far as they are there. */
export const useWaitingDetails = (ids: readonly string[]): WaitingDetails[] =>
  useQueries({
    queries: ids.map(detailsOf),
    combine: (results) => results.flatMap(({ data }) => data ?? []),
  });

/** What is offered now and waits for an answer. */
export const openOfferOf = ({ offers }: WaitingDetails): Offer | undefined =>
  offers.find(({ status }) => status === 'open');

/** After a change: all that shows who waits, appointments or free times asks again. */
export function useWaitingChanged() {
  const client = useQueryClient();
  return (waiting?: WaitingDetails) => {
    if (waiting) client.setQueryData(detailsOf(waiting.id).queryKey, waiting);
    for (const queryKey of [waitingKey, appointmentsKey, ['slots']]) void client.invalidateQueries({ queryKey });
  };
}

const at = (waiting: Waiting) => ({ params: { path: { id: waiting.id }, header: ifMatch(waiting) } });

/** Books what is offered. @throws Refused 409 when it is offered no longer: nothing was booked */
export const acceptOffer = (waiting: Waiting) => told(api.POST('/api/waiting-list/{id}/accept', at(waiting)));

/** The time goes to the next; the patient keeps their place. */
export const refuseOffer = (waiting: Waiting) =>
  told(api.POST('/api/waiting-list/{id}/refuse', { ...at(waiting), keepalive: true }));

/** Takes the patient off the list, and gives back what they are offered. */
export const leaveWaitingList = (waiting: Waiting) =>
  told(api.POST('/api/waiting-list/{id}/withdraw', { ...at(waiting), keepalive: true }));
